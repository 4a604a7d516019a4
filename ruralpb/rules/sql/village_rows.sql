SELECT period, village_code, count(*) FROM {rows} GROUP BY ALL
