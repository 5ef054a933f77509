"""Worker processes for foreign text: whatever a document does to its parser, the service goes on.

``jobs.py`` has the jobs of a worker, ``worker.py`` the process that does them within limits, ``template.py`` the
process that workers are forked from. ``crew.py`` supervises them, ``turns.py`` decides which job gets a worker next,
and ``documents.py`` keeps out the documents that broke a worker.
"""
