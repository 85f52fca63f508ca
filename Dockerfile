# One node. It holds what ./parley has built (./parley cluster does both): the build needs no network.
FROM eclipse-temurin:25-jre

# A number as well: a supervisor that wants to see that it isn't root needs no list of names.
RUN useradd --system --uid 10001 --user-group --home-dir /opt/parley --shell /usr/sbin/nologin parley \
    && install -d -o parley -g parley /opt/parley /var/lib/parley /var/lib/parley/assets
WORKDIR /opt/parley

# What changes least comes first. Owned by who runs it, so that no umask of the host's locks it out.
COPY --chown=parley:parley target/lib ./lib
COPY --chown=parley:parley conf/application.conf ./conf/application.conf
COPY --chown=parley:parley scripts/healthy.sh ./scripts/healthy.sh
COPY --chown=parley:parley client-web/dist ./client-web/dist
COPY --chown=parley:parley target/parley.jar ./parley.jar

USER 10001:10001

# Where clients connect. Health and figures are on 8558, by default on the container's loopback.
ENV PARLEY_BIND=0.0.0.0 PARLEY_DATA_DIR=/var/lib/parley/data
EXPOSE 8080

# Ready is more than running: a member of the cluster, with a database that answers. The start is long
# where several begin at once.
HEALTHCHECK --interval=5s --timeout=5s --start-period=120s --retries=3 \
    CMD ["bash", "/opt/parley/scripts/healthy.sh"]

# Without a shell, so that SIGTERM reaches the JVM. Further options: JDK_JAVA_OPTIONS.
# The heap is a share of the container's limit; buffers of the network, threads and code live beside.
# After an error of memory nothing is certain any more: the process ends, and is started again.
ENTRYPOINT ["java", \
    "-XX:MaxRAMPercentage=60", \
    "-XX:+UseG1GC", \
    "-XX:MinHeapFreeRatio=10", \
    "-XX:MaxHeapFreeRatio=30", \
    "-XX:+UseCompactObjectHeaders", \
    "-XX:+ExitOnOutOfMemoryError", \
    "-Dfile.encoding=UTF-8", \
    "--add-opens=java.base/java.nio=ALL-UNNAMED", \
    "--enable-native-access=ALL-UNNAMED", \
    "--sun-misc-unsafe-memory-access=allow", \
    "-Dparley.home=/opt/parley", \
    "-cp", "/opt/parley/parley.jar:/opt/parley/lib/*", \
    "io.parley.Main"]
