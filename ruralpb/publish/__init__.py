"""What goes out: texts, documents, pages, workbooks, blank forms, and the copies that go back for correction."""
