"""A corpus of messy returns: workbooks with known truth, made from seeds, and a scorer that holds the reader to them.

truth      typed rows of any form, from its field types, over the register of `world`
drawing    truth → the workbook a careful clerk makes of it          (model: Book, Sheet, Line, Cell, Fact)
messes     one small function for each thing that goes wrong: changes the book and what is right to read of it
making     seed → book with one mess, or with two to five
writers    book → bytes of .xlsx .xls .ods .csv, HTML and XML 2003 named .xls, encrypted, damaged
score      bytes → ruralpb.intake.one_file → compared with the truth cell by cell

python -m tests.corpus --seed 1 --count 300
"""
