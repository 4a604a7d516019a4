SELECT * FROM ({branches}) AS {name} ORDER BY cells, field
