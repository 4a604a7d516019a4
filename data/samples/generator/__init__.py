"""Makes the sample project: a county's truth over five quarters, its returns as real offices send them, the answers.

`register` and `people` make units and persons; `economy`, `committees`, `residents`, `training` and `issues` the truth of each
form; `mistakes` plants what `validate` must find; `styles` and `sheets` lay the rows out as each township does; `files` writes
workbooks byte for byte reproducibly; `answers` and `figures` work out in plain Python what ruralpb must say. Nothing here imports ruralpb.
"""
