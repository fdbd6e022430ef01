import assets from "../page/assets.build.ts";

const contentSecurity =
  "default-src 'self';object-src 'none';base-uri 'none';form-action 'self';frame-ancestors 'none'";

/** Content-Security-Policy of a page: it has its style inside. */
export const pageSecurity = `${contentSecurity};style-src ${Object.values(assets.styles)
  .map(({ hash }) => `'${hash}'`)
  .join(" ")}`;

/**
 * Security headers of every answer. Strict-Transport-Security is missing, because a proxy that terminates TLS sets it. They are
 * a constant, because `@fastify/helmet` makes them again for each request.
 */
export const security = {
  "content-security-policy": contentSecurity,
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};
