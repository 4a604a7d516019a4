"""Bytes of one file → typed rows, notes and problems. Pure and picklable, so that a worker process can run it.

readers    bytes of a container format → sheets: values and evidence
layout     what stands where on a sheet: title block, headings, roles of rows
values     one cell, one column → exact value, note or refusal
one_file   the three of them for one file

statements     who sent a sheet and for which period: all who say so must agree
reading_basis  the definitions that files are read by, and what was worked out of them for the files before
receive        the files of a delivery, before they are read
processes      reading in processes that may die
"""
