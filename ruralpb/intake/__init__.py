"""Bytes of one file → typed rows, notes and problems. Pure and picklable, so that a worker process can run it.

readers    bytes of a container format → sheets: values and evidence
layout     what stands where on a sheet: title block, headings, roles of rows
values     one cell, one column → exact value, note or refusal
one_file   the three of them for one file
"""
