"""Collecting mail: from the office's IMAP mailbox into `hop-thu/thu/`, each mail whole, nothing twice, nothing lost.

Contract: `collect_mail(folder, wanted)` takes what the record `hop-thu/.thu-da-lay.csv` does not hold yet. The mailbox
is opened for reading only and stays as it was, flags included. A mail becomes visible when it is complete, as
`<uidvalidity>-<uid>.eml`, with the time at which the server received it as the file's time and in the record; only
then does the record name it. Wherever a run stops, the next one goes on. Connections are encrypted and the server's
certificate is checked; without that only a server on this very machine is spoken to, and only when asked.
"""

from pipeline.collection.address import Server, server_of
from pipeline.collection.collecting import Collection, Wanted, collect_mail

__all__ = ["Collection", "Server", "Wanted", "collect_mail", "server_of"]
