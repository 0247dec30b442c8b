FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY global.json Directory.Build.props Directory.Packages.props BannedSymbols.txt .editorconfig LICENSE ./
COPY .config .config
COPY src/Gateway src/Gateway
COPY wordpress-plugin wordpress-plugin
RUN dotnet publish src/Gateway -c Release -o /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0
LABEL org.opencontainers.image.title="Gateway" \
    org.opencontainers.image.description="Double opt-in and transactional messages for your sites" \
    org.opencontainers.image.licenses="MIT"
WORKDIR /app
COPY --from=build /app .
# A new volume takes owner and mode of these folders. /data holds the SQLite file, /keys the master key: apart, so that copies are too.
RUN mkdir --mode 700 /data /keys && chown $APP_UID /data /keys
USER $APP_UID
ENV ASPNETCORE_HTTP_PORTS=8080 \
    ConnectionStrings__Gateway="Data Source=/data/gateway.db" \
    Gateway__MasterKeyFile=/keys/master.pem
VOLUME /data /keys
EXPOSE 8080
# The image has no curl; bash can ask too.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s CMD ["bash", "-c", \
    "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /health/ready HTTP/1.0\\r\\n\\r\\n' >&3 && read -r _ status _ <&3 && [ \"$status\" = 200 ]"]
ENTRYPOINT ["./Gateway"]
