{contribution}
SELECT {columns}
FROM counted
GROUP BY GROUPING SETS ({sets})
