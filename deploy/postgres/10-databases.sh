#!/bin/bash
# Run once by the PostgreSQL image on an empty volume: one database and one role per service. A role can open its
# own database and no other; MERIDIAN_<SERVICE>_PASSWORD comes from deploy/secrets/postgres.env.
set -euo pipefail

for service in crm sales inventory finance service_desk gateway; do
    variable="MERIDIAN_$(printf '%s' "$service" | tr '[:lower:]' '[:upper:]')_PASSWORD"
    password=${!variable:?$variable is not set}
    psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres --quiet \
        --set name="meridian_$service" --set password="$password" <<'SQL'
CREATE ROLE :"name" LOGIN PASSWORD :'password' NOSUPERUSER NOCREATEDB NOCREATEROLE;
CREATE DATABASE :"name" OWNER :"name" TEMPLATE template0 ENCODING 'UTF8';
REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
SQL
done
