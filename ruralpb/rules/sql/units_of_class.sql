{unit}.township_code IN (SELECT code FROM ref_unit WHERE level = 'township' AND coalesce(unit_class, '') = {label})
