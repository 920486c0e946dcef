# PRECLINICAL EVIDENCE, not for treatment decisions. docs/workflows/README.md describes its use.
# The first image has the compiler that durable-rules needs; only /opt/recommender is copied from it.
FROM python:3.12-bookworm AS build
ARG EXTRAS=""
WORKDIR /source
COPY pyproject.toml requirements-dev.lock README.md LICENSE THIRD_PARTY_NOTICES.md ./
COPY recommender recommender
COPY rules rules
COPY profiles profiles
# Without a pip of its own, which nobody calls there.
RUN python -m venv --without-pip /opt/recommender \
    && pip --python /opt/recommender/bin/python install --no-cache-dir --constraint requirements-dev.lock \
        ".${EXTRAS:+[$EXTRAS]}"

FROM python:3.12-slim-bookworm
LABEL org.opencontainers.image.title="ferroptosis-recommender" \
      org.opencontainers.image.description="PRECLINICAL EVIDENCE, not for treatment decisions: ferroptosis-inducing add-ons for HCC" \
      org.opencontainers.image.licenses="MIT"
ARG EXTRAS=""
# Nextflow measures tasks with ps, and PDF needs Pango. Versions are those of the day, with their security fixes.
# hadolint ignore=DL3008
RUN set -- procps \
    && case ",$EXTRAS," in *,report,*) set -- "$@" libpangoft2-1.0-0 ;; esac \
    && apt-get update \
    && apt-get install --yes --no-install-recommends "$@" \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /opt/recommender /opt/recommender
# The file system may be read-only: what is written at all, the cache of the rules, goes to /tmp.
ENV PATH="/opt/recommender/bin:$PATH" \
    HOME=/tmp \
    XDG_CACHE_HOME=/tmp/cache
# A number, because Kubernetes cannot tell whether a name is root.
USER 65532:65532
WORKDIR /data
ENTRYPOINT ["recommender"]
CMD ["--help"]
