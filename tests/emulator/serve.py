"""Serves an emulator of AWS on a free port of the loopback interface, for as long as the one who started it lives.

serve.py moto|ministack: writes the port as one line to standard output as soon as it listens, and ends when its standard
input does. The socket is bound before the emulator is loaded, so that nobody can take the port in between.
"""

import os
import socket
import sys
import threading


def end_with_the_caller():
    sys.stdin.buffer.read()
    os._exit(0)


def serve_moto(listener, port):
    os.environ["MOTO_PORT"] = str(port)
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
    from werkzeug.serving import make_server

    app = DomainDispatcherApplication(create_backend_app)
    server = make_server(
        "127.0.0.1", port, app, threaded=True, request_handler=MotoRequestHandler, fd=listener.fileno()
    )
    announce(port)
    server.serve_forever()


def serve_ministack(listener, port):
    os.environ["GATEWAY_PORT"] = str(port)
    import asyncio

    from hypercorn.asyncio import serve
    from hypercorn.config import Config
    from ministack.app import app

    config = Config()
    config.bind = [f"fd://{listener.fileno()}"]
    config.keep_alive_timeout = 75
    announce(port)
    asyncio.run(serve(app, config))


def announce(port):
    print(port, flush=True)
    os.dup2(2, 1)


def main():
    threading.Thread(target=end_with_the_caller, daemon=True).start()
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.bind(("127.0.0.1", 0))
    listener.listen(1024)
    port = listener.getsockname()[1]
    {"moto": serve_moto, "ministack": serve_ministack}[sys.argv[1]](listener, port)


main()
