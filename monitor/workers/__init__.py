"""Worker processes for foreign text: whatever a document does to its parser, the service goes on.

``jobs.py`` is what a worker does, ``worker.py`` the process that does it within its limits, ``template.py`` the process
that workers are forked from. ``crew.py`` supervises them, ``turns.py`` says which job has a worker next, and
``documents.py`` keeps out the documents that broke one.
"""
