"""A connection to a mongod that can be cut: a process that passes bytes on until it is stopped."""

import asyncio
import sys
from contextlib import suppress

import uvloop

from tools.embedded.ports import ADDRESS

MOST_BYTES = 1 << 16


async def passing(port: int, behind: int) -> None:
    """Pass everything between those who come to `port` and the server at `behind`, until killed."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            answers, server = await asyncio.open_connection(ADDRESS, behind)
        except OSError:
            writer.transport.abort()
            return
        both = [asyncio.create_task(pour(reader, server)), asyncio.create_task(pour(answers, writer))]
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        for each in (writer, server):
            each.transport.abort()
        await asyncio.gather(*both, return_exceptions=True)

    async with await asyncio.start_server(serve, ADDRESS, port) as listening:
        await listening.serve_forever()


async def pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while some := await reader.read(MOST_BYTES):
            writer.write(some)
            await writer.drain()


if __name__ == "__main__":
    uvloop.run(passing(int(sys.argv[1]), int(sys.argv[2])))
