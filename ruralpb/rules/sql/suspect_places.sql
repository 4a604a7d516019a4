SELECT block, position FROM {rows} WHERE field IN ({fields})
