/// The parts that every page of a surprisal map has.
enum SurprisalPageParts {
  static let style = """
    :root{color-scheme:light dark;--ground:#fff;--ink:#1c1c1c;--soft:#666;--line:#8884;
    --characters:#2f6fde;--bits:#d9772b;--tip:#f6f6f6}
    @media(prefers-color-scheme:dark){:root{--ground:#161616;--ink:#ddd;--soft:#a0a0a0;
    --characters:#6a9bf0;--bits:#e8924f;--tip:#262626}}
    body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
    main{max-width:56rem;margin:0 auto;padding:1rem 1.2rem 8rem}
    h1{font-size:1.4rem;overflow-wrap:anywhere}h2{font-size:1.1rem;margin:2rem 0 .5rem}
    h3{font-size:1rem;font-weight:600;overflow-wrap:anywhere}
    .note{color:var(--soft);font-size:.85rem;margin:.2rem 0}
    table{border-collapse:collapse;font-size:.9rem}
    th{text-align:left;font-weight:500;color:var(--soft)}
    th,td{padding:.1rem 1.2rem .1rem 0}.costs td+td,.costs th+th{text-align:right}
    svg{width:100%;height:auto;font-size:12px}svg text{fill:var(--soft)}
    .grid{stroke:var(--line)}rect.characters{fill:var(--characters)}rect.bits{fill:var(--bits)}
    .key{display:inline-block;width:.8rem;height:.8rem}
    .key.characters{background:var(--characters)}.key.bits{background:var(--bits)}
    ol{padding-left:1.6rem}ol .text{margin:.4rem 0 0}
    .text{font:.9rem/1.7 ui-monospace,monospace;white-space:pre-wrap;overflow-wrap:anywhere;
    unicode-bidi:plaintext;margin:0;content-visibility:auto;contain-intrinsic-size:auto 20rem}
    ol .text{contain-intrinsic-size:auto 3rem}
    i{font-style:normal}.t i:hover,.t i.on{outline:2px solid var(--characters);outline-offset:-1px}
    .n::before{content:"\\21B5";opacity:.45}
    .x{text-decoration:underline dotted}.k{font-size:.75em}
    .b{background:rgb(235 105 35/.13)}.c{background:rgb(235 105 35/.24)}
    .d{background:rgb(235 105 35/.36)}.e{background:rgb(235 105 35/.48)}
    .f{background:rgb(235 105 35/.6)}
    .g{background:rgb(238 92 40);color:#111}.h{background:rgb(240 62 62);color:#111}
    .legend i{padding:.1rem .5rem;white-space:nowrap}
    #tip{position:fixed;z-index:1;background:var(--tip);border:1px solid var(--line);
    border-radius:6px;padding:.5rem .7rem;font-size:.85rem;box-shadow:0 3px 12px #0003;
    pointer-events:none;min-width:13rem}
    #tip table{width:100%}#tip td{padding:0 .6rem 0 0}
    #tip td:nth-child(2){text-align:right;font-variant-numeric:tabular-nums}
    #tip .bar{display:inline-block;height:.55rem;background:var(--characters)}
    #tip .hit{font-weight:700}
    """

  static let legend =
    "<p class=legend>Bits of a character: "
    + zip(["a", "b", "c", "d", "e", "f", "g", "h"], SurprisalLevel.all)
    .map { "<i class=\($0)>\(Markup.content($1.range))</i>" }.joined()
    + "<br><span class=note>Point at a character, or tap it, for what the model expected there."
    + "</span></p>"

  /// Shows the model's candidates at the character under the pointer.
  static let script = """
    const size=3+count*(width+3),tip=document.getElementById("tip");
    let on=null;
    function number(at,length){return parseInt(data.substr(at,length),36)}
    function node(name,text,kind){const n=document.createElement(name);
    if(text!==undefined)n.textContent=text;if(kind)n.className=kind;return n}
    function label(unit){const text=unit.textContent;
    return text===" "?"space":text==="\\n"?"end of line":text==="\\t"?"tab":text}
    function percent(share){return share>=.01?share.toFixed(2):"<0.01"}
    function fill(unit){
    const place=Array.prototype.indexOf.call(unit.parentNode.children,unit);
    let at=(Number(unit.parentNode.dataset.first)+place)*size;
    const bits=number(at,3)/100,name=label(unit);at+=3;
    const share=100*Math.pow(2,-bits);
    tip.replaceChildren(node("div",name+": "+bits.toFixed(2)+" bits"+
    (unit.classList.contains("x")?", unknown to the model":", "+percent(share)+" %")));
    const table=node("table");
    for(let k=0;k<count;k++){
    const token=number(at,width),part=number(at+width,3)/100;at+=width+3;
    const row=node("tr",undefined,names[token]===name?"hit":"");
    row.append(node("td",names[token]),node("td",percent(part)+" %"));
    const cell=node("td"),bar=node("span",undefined,"bar");
    bar.style.width=(part*.7)+"px";cell.append(bar);row.append(cell);table.append(row)}
    tip.append(table)}
    function show(event){
    const unit=event.target.closest?event.target.closest(".t>i"):null;
    if(unit===on)return;
    if(on)on.classList.remove("on");
    on=unit;tip.hidden=!unit;
    if(!unit)return;
    unit.classList.add("on");fill(unit);
    const box=unit.getBoundingClientRect(),own=tip.getBoundingClientRect();
    tip.style.left=Math.max(4,Math.min(box.left,innerWidth-own.width-4))+"px";
    tip.style.top=(box.bottom+own.height+8<innerHeight?box.bottom+6:box.top-own.height-6)+"px"}
    document.addEventListener("mouseover",show);
    document.addEventListener("click",show);
    document.addEventListener("scroll",()=>{if(on)on.classList.remove("on");on=null;tip.hidden=true},
    {passive:true});
    """
}
