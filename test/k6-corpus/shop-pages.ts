/** The shop's pages. */

/** A form with a field of every kind, a hidden token among them. */
export const SIGN_IN_PAGE: string = `<!doctype html>
<html>
  <head><title>Sign in</title></head>
  <body>
    <form action="/sign-in" method="post">
      <input type="hidden" name="csrf" value="c5rf-70ken">
      <input type="text" name="user" value="">
      <input type="password" name="password">
      <select name="language"><option value="en">English</option><option value="de" selected>Deutsch</option></select>
      <input type="checkbox" name="remember" value="yes" checked>
      <input type="submit" value="Go">
    </form>
  </body>
</html>`

export const SEARCH_PAGE: string = `<!doctype html>
<html>
  <head><title>Search</title></head>
  <body>
    <ul id="results">
      <li class="item sale" data-id="1"><a href="/products/1">Kettle</a> <span class="price">25</span></li>
      <li class="item" data-id="2"><a href="/products/2">Teapot</a> <span class="price">40</span></li>
      <li class="item" data-id="3"><a href="/products/3">Lamp</a> <span class="price">60</span></li>
    </ul>
    <p class="note">3 found</p>
  </body>
</html>`

export function productPage(id: number): string {
  return `<!doctype html>
<html>
  <head><title>Product ${id}</title><meta name="build" content="b-${id}${id}"></head>
  <body><script>var session = "s-${id}000";</script><h1>Product ${id}</h1></body>
</html>`
}
