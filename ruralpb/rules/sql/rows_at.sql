SELECT "submission", "block", "position", {columns} FROM {rows} AS {rows}
WHERE "period" = {period} AND ("submission", "block", "position") IN ({places})
