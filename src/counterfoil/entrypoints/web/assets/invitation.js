// An invitation's link carries its secret behind "#", which no browser sends and no log keeps: here it meets the form.
"use strict";
(() => {
  const secret = decodeURIComponent(location.hash.slice(1));
  const field = document.getElementById("invitation");
  if (!secret || !field) return;
  history.replaceState(null, "", location.pathname + location.search);
  field.value = secret;
})();
