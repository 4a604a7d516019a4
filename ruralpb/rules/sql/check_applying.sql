SELECT * FROM ({rows}) WHERE _applies IS NOT FALSE
