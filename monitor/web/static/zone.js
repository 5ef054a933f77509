// Tells the server the reader's time zone, unless they have chosen one.
if (!/(^|; )zone=/.test(document.cookie)) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (/^[\w+/-]+$/.test(zone)) document.cookie = "zone=" + zone + "; path=/; samesite=lax" + (location.protocol === "https:" ? "; secure" : "");
}
