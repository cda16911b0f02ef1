# The image holds one static program and nothing else.
FROM debian:12-slim AS build
RUN apt-get update && \
    apt-get install -y --no-install-recommends \
        binutils gcc libc6-dev make musl-tools && \
    rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN make clean && make && mkdir /captures

FROM scratch
COPY --from=build /src/build/mcpcap /mcpcap
COPY --from=build --chown=65534:65534 /captures /captures
USER 65534:65534
WORKDIR /captures
ENTRYPOINT ["/mcpcap"]
