SELECT {columns} FROM {rows} AS {rows} WHERE {rows}."period" = {period}
