"""What PostgreSQL says in its own way.

Its statistics do not know a run that has just begun: it takes the products that the run has seen for one or two, and
would go through all of them for each of a page. Hence a look for each product apart, and sets where all are asked.
"""

from console.store.dialect import Dialect

POSTGRES = Dialect(
    known_products=(
        "SELECT coalesce(json_agg(json_build_array(page.value, "
        "coalesce(upper(encode(products.content_hash, 'hex')), ''), "
        "products.is_active::int, (sighting.is_seen IS TRUE)::int)), '[]') "
        "FROM json_array_elements_text(CAST(? AS json)) AS page (value) "
        "LEFT JOIN products ON products.id = page.value LEFT JOIN LATERAL (SELECT TRUE AS is_seen FROM run_sightings "
        "WHERE run_id = ? AND product_id = page.value LIMIT 1) AS sighting ON TRUE"
    ),
    listed=(
        "FROM json_array_elements_text(CAST(? AS json)) WITH ORDINALITY AS place (value, number) "
        "JOIN products ON products.id = place.value"
    ),
    listed_order="place.number",
    categories=(
        "(SELECT concat('[', "
        "string_agg(concat('{\"id\":', categories.id, ',\"name\":', to_json(categories.name), '}'), "
        "',' ORDER BY categories.id), ']') "
        "FROM product_categories JOIN categories ON categories.id = product_categories.category_id "
        "WHERE product_categories.product_id = products.id)"
    ),
    minute="to_char({}, 'YYYY-MM-DD HH24:MI')",
    contains="position({1} IN {0}) > 0",
    old_price="CAST(fields #>> '{min_price,0}' AS double precision)",
    new_price="CAST(fields #>> '{min_price,1}' AS double precision)",
    # told so the list is made once, and not the words of all that are in it looked at
    in_category="({} IN (SELECT product_id FROM product_categories WHERE category_id = ?)) IS TRUE",
    unseen=(
        "id IN (SELECT id FROM products WHERE is_active = TRUE "
        "EXCEPT SELECT product_id FROM run_sightings WHERE run_id = ?)"
    ),
    refresh=(
        "ANALYZE products, product_search, product_categories, product_changes, run_sightings, run_removals, "
        "rejected_products, sync_pages, sync_runs"
    ),
)
