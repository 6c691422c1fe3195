/** The contact slice's state in SQL, whole, of `contact_state` as `s`; null where there is no row. */
export const CONTACT_STATE = "s.state || jsonb_build_object('blocks', s.business_blocks)";
