"""An application that reads what it is sent, behind the services' own connections; nobody signs in to it."""

from fastapi import FastAPI, Request, Response


def create_app() -> FastAPI:
    app = FastAPI()

    @app.get("/live")
    async def live() -> dict[str, str]:
        return {"status": "live"}

    @app.post("/echo")
    async def echo(request: Request) -> Response:
        return Response(str(len(await request.body())))

    @app.get("/large")
    async def large() -> Response:
        return Response(b"x" * 20_000_000)

    return app
