import { parseHTML } from '../../../../src/script/modules/html/document.ts'
import type { Selection } from '../../../../src/script/modules/html/selection.ts'

/** A shop's page with a bit of everything. */
export const HTML = `<!DOCTYPE html>
<html lang="en">
<head><title>Shop</title><style>p { color: red }</style><link rel="stylesheet preload" href="/s.css"></head>
<body>
<div id="main" class="page  wide" data-user-id="17" data-open="true" data-tags='["a","b"]' data-name="Ada">
  <h1 class="title">Hello <b>you</b></h1>
  <!-- offers -->
  <ul id="list"><li class="item first">one</li><li class="item">two</li><li class="item last">three</li></ul>
  <p>text</p>
</div>
<a id="link" rel="next nofollow" href="/items/2?x=1#part">next</a>
<a id="far" href="https://me:secret@other.example:8443/a">far</a>
<form id="order" method="post" action="/order" enctype="multipart/form-data">
  <label for="email">Mail</label>
  <input id="email" name="email" value="a@b.c">
  <label id="around">Number <input name="count" type="number" value="2"></label>
  <input name="token" type="hidden" value="t1">
  <input name="off" value="x" disabled>
  <input name="news" type="checkbox" checked value="yes">
  <input name="spam" type="checkbox" value="no">
  <input name="size" type="radio" value="s"><input name="size" type="radio" value="m" checked>
  <select id="color" name="color"><option value="r">red</option><option value="g" selected>green</option></select>
  <select id="extras" name="extras" multiple>
    <optgroup label="All" disabled><option selected>box</option></optgroup><option selected>card</option><option>bow</option>
  </select>
  <textarea id="note" name="note">hi there</textarea>
  <fieldset id="fields"><legend id="legend">More</legend><input name="more" value="1"></fieldset>
  <input type="image" name="picture">
  <input type="submit" name="go" value="Buy">
  <button id="other" name="go" value="Later" formaction="/later" formmethod="GET">Later</button>
</form>
<form id="search" action="/search?lang=en"><input name="q" value="shoes"><input type="submit"></form>
<table id="table"><caption>Prices</caption><thead><tr><th>a</th></tr></thead>
<tbody><tr><td>1</td><td id="cell">2</td></tr><tr id="row"><td>3</td></tr></tbody><tfoot><tr><td>s</td></tr></tfoot></table>
<progress id="half" value="2" max="4"></progress><progress id="unknown"></progress>
<map name="plan"><area href="/a"></map><img id="image" usemap="#plan">
<video id="film"><track src="t"></video><canvas id="canvas" width="20"></canvas>
<datalist id="choices"><option>x</option></datalist><output id="sum">7</output><script>let x = 1</script>
<table><colgroup><col id="col" span="2"></colgroup></table>
</body></html>`

export function page(): Selection {
  return parseHTML(HTML, 'http://shop.example/items/1')
}
