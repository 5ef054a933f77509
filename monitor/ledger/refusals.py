"""Translates database errors into words that a person can act on."""

from sqlalchemy.exc import DBAPIError

#: By SQLite's result codes (https://www.sqlite.org/rescode.html). SQLITE_ERROR and similar codes are bugs of ours.
_SQLITE = {
    "SQLITE_BUSY": "another process has kept the database locked for too long; stop it, or wait and try again",
    "SQLITE_LOCKED": "another connection has kept a table locked; try again",
    "SQLITE_READONLY": "the database is read-only; check the owner and the permissions of the file and of its folder",
    "SQLITE_PERM": "the database may not be opened; check the owner and the permissions of the file",
    "SQLITE_CANTOPEN": "the database cannot be opened; check that its folder exists and may be written to",
    "SQLITE_FULL": "the disk is full; make room and try again, nothing that was committed is lost",
    "SQLITE_IOERR": "the disk failed to read or write; check that it has room, is a local one, and works",
    "SQLITE_NOTADB": "the file is not a SQLite database; name another file, or restore a backup",
    "SQLITE_CORRUPT": "the database is damaged; restore a backup",
}

#: By SQLSTATE or its class (https://www.postgresql.org/docs/current/errcodes-appendix.html).
_POSTGRESQL = {
    "25006": "the server is read-only; connect to the primary",
    "42501": "the user may not do that; give it all rights on the database's schema",
    "40": "another process was in the way; try again",
    "53100": "the server's disk is full; make room and try again, nothing that was committed is lost",
    "53300": "the server has no connection left; raise its limit, or stop other programs",
    "53": "the server has run out of something; look into its log",
    "55P03": "another process has kept the database locked for too long; stop it, or wait and try again",
    "57": "the server has ended the connection; try again once it is up",
    "58": "the server failed to read or write; look into its log",
}

#: Without a connection there is no SQLSTATE, only libpq's message.
_CONNECTING = {
    "password authentication failed": "the user name or the password was refused",
    "no password supplied": "the server wants a password, and the address has none",
    "does not exist": "the server has no such database or user; create it first",
    "refused": "no server answers there; start it, or check host and port",
    "no such file": "no server answers there; start it, or check the path of its socket",
    "resolve host": "there is no such host; check its name",
    "timeout": "the server did not answer in time; check host, port and firewall",
}


def advice(error: DBAPIError) -> str | None:
    """What a person can do about the error. None if the error is a bug of the program."""
    if code := getattr(error.orig, "sqlite_errorname", None):
        return _SQLITE.get("_".join(code.split("_")[:2]))
    if state := getattr(error.orig, "sqlstate", None):
        return _POSTGRESQL.get(state) or _POSTGRESQL.get(state[:2])
    message = str(error.orig)
    found = next((words for sign, words in _CONNECTING.items() if sign in message.lower()), None)
    # The driver's own errors, about values that it cannot send, have no SQLSTATE either.
    lost = error.connection_invalidated or "connection" in message.lower()
    return found or (f"no connection: {message.splitlines()[0]}" if lost else None)
