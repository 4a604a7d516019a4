SELECT submission, block, position, unit_code FROM {rows} WHERE period = {period}
ORDER BY block, position
