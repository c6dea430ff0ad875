"""A child that prints before it serves, as a library may at its import: `python -m tests.daemon.printing_child`."""

from daemon.children import serve

print("thank you for using this library", flush=True)

if __name__ == "__main__":
    serve(lambda request, _progress: request)
