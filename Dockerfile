# The relay as a container: docker build -t cct . && docker run -p 9090:9090 -e CCT_JWT_SECRET cct
# It stands at the top level, where docker and registries look for it; its context is the whole project but for .dockerignore.
FROM node:24-slim AS build
WORKDIR /build
COPY package.json package-lock.json tsconfig.json build.mjs THIRD-PARTY.md ./
COPY bin bin
COPY src src
# Builds dist too, with the licences of what is in it. The bundles hold all that runs, so no package goes into the image.
RUN npm ci

FROM node:24-slim
COPY --from=build /build/package.json /app/package.json
COPY --from=build /build/bin /app/bin
COPY --from=build /build/dist /app/dist
RUN ln -s /app/bin/cct.js /usr/local/bin/cct && mkdir -p /var/lib/cct && chown 1000:1000 /var/lib/cct

# serve refuses this host without authentication, unless CCT_ALLOW_ANONYMOUS=1. It writes no file: the root may be read-only.
# CCT_PORT stands over a PORT of the platform, which the health check would not know.
ENV NODE_ENV=production \
    CCT_HOST=0.0.0.0 \
    CCT_PORT=9090 \
    CCT_CACHE_DIR=/tmp/cct \
    XDG_DATA_HOME=/var/lib

# By number, so that a platform can see that it is not root.
USER 1000:1000
WORKDIR /data
EXPOSE 9090
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s --retries=3 \
  CMD ["cct", "health", "--relay", "http://127.0.0.1:9090", "--timeout", "3s"]
ENTRYPOINT ["cct"]
CMD ["serve"]
