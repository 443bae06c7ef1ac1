# docker build -t copydesk .
# docker run --rm -v "$PWD:/work" copydesk check docs
FROM rust:1-alpine AS build
RUN apk add --no-cache build-base
WORKDIR /source
COPY Cargo.toml Cargo.lock ./
COPY src ./src
COPY tests/bench ./tests/bench
RUN cargo install --locked --path . --root /built && strip /built/bin/copydesk

FROM alpine:3
# `diff` and `history` ask git for what stands in a repository.
RUN apk add --no-cache git && adduser -D -u 65532 copydesk \
    && git config --system --add safe.directory '*'
COPY --from=build /built/bin/copydesk /usr/local/bin/copydesk
USER 65532:65532
WORKDIR /work
ENTRYPOINT ["copydesk"]
CMD ["check"]
