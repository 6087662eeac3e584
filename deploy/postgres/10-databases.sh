#!/bin/bash
# Run once by the PostgreSQL image on an empty volume: per service one database, its owner for migrations and its
# role for the running service, by the same two files that `meridian local up` uses. The image gets the passwords'
# SCRAM verifiers only, from deploy/secrets/postgres.env.
set -euo pipefail
rights=/etc/meridian/postgres

as_administrator() { psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --quiet --no-psqlrc "$@"; }

for service in crm sales inventory finance service_desk gateway; do
    name="meridian_$service"
    upper=$(printf '%s' "$service" | tr '[:lower:]' '[:upper:]')
    running="MERIDIAN_${upper}_VERIFIER"
    owning="MERIDIAN_${upper}_OWNER_VERIFIER"
    as_administrator --dbname postgres --set name="$name" \
        --set running="${!running:?$running is not set}" --set owning="${!owning:?$owning is not set}" <<SQL
SELECT set_config('meridian.database', :'name', false), set_config('meridian.password', :'running', false),
    set_config('meridian.owner_password', :'owning', false) \g /dev/null
\i $rights/roles.sql
SELECT format('CREATE DATABASE %I OWNER %I TEMPLATE template0 ENCODING %L', :'name', :'name' || '_owner', 'UTF8') \gexec
SQL
    as_administrator --dbname "$name" --file "$rights/database.sql"
done

# Nobody of the above has business in the databases that come with the server.
as_administrator --dbname postgres --command "REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC"
