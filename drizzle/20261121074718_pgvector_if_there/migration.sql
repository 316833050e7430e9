-- pgvector makes searches faster and changes no answer: where the server has it and we may, it is switched on.
DO $$ BEGIN
  IF EXISTS (SELECT FROM pg_available_extensions WHERE name = 'vector') THEN
    CREATE EXTENSION IF NOT EXISTS vector;
  END IF;
EXCEPTION WHEN OTHERS THEN
  RAISE NOTICE 'pgvector is not switched on: %', SQLERRM;
END $$;
