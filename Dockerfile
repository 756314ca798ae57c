# Builds `belfry` and puts it, with the libraries it needs, into a small image that runs as nobody in particular.
FROM swift:6.3-bookworm AS build
RUN apt-get update \
 && apt-get install -y --no-install-recommends libgit2-dev libyaml-dev libcurl4-openssl-dev libsqlite3-dev libre2-dev libsnappy-dev zlib1g-dev pkg-config \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY Package.swift ./
COPY Sources ./Sources
COPY Tests ./Tests
RUN swift build -c release --product belfry --static-swift-stdlib \
 && install -D "$(swift build -c release --show-bin-path)/belfry" /out/belfry

FROM debian:bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates libgit2-1.5 libyaml-0-2 libcurl4 libsqlite3-0 libre2-9 libsnappy1v5 zlib1g libstdc++6 tzdata \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 65532 --user-group --home-dir /data belfry \
 && install -d -o 65532 -g 65532 /data
COPY --from=build /out/belfry /usr/local/bin/belfry
USER 65532:65532
WORKDIR /data
VOLUME /data
EXPOSE 8080
ENTRYPOINT ["/usr/local/bin/belfry"]
CMD ["run", "--data-dir", "/data", "--listen", "0.0.0.0:8080"]
