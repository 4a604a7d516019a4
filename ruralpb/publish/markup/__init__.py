"""A template and its context → Markdown with marked figures → blocks: the one way from words to every format.

template         Jinja in a sandbox; what is wrong in a template, with its name and line
parsing          Markdown → `publish.blocks`
markdown         blocks → Markdown again, for people to read
literal_digits   digits that a person typed into a template
"""
