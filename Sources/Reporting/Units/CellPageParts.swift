/// The parts that every page of units has, besides the style of `SurprisalPageParts`.
enum CellPageParts {
  /// The letters of state vectors; all others are gates and candidates.
  static let stateLetters = ["h", "c"]

  static func name(of letter: String) -> String {
    let names = [
      "h": "state h", "c": "cell c", "i": "input gate i", "f": "forget gate f",
      "g": "candidate g", "o": "output gate o", "r": "reset gate r", "z": "update gate z",
      "n": "candidate n",
    ]
    return names[letter] ?? letter
  }

  static let style = """

    .list{max-height:14rem;overflow:auto;border:1px solid var(--line);padding:.3rem .6rem}
    .list td:nth-child(2),.list th:nth-child(2){text-align:left}
    button,input{font:inherit;color:inherit}
    button{background:none;border:0;padding:.1rem .3rem;cursor:pointer;text-decoration:underline}
    button[aria-pressed=true]{font-weight:700;outline:2px solid var(--characters)}
    input[type=search]{background:var(--tip);border:1px solid var(--line);padding:.2rem .4rem}
    .controls label{margin-right:1rem;white-space:nowrap}
    .text{line-height:calc(1.7em + var(--strips,0)*.45em + min(var(--strips,0),1)*.3em)}
    .t i{padding-bottom:calc(var(--strips,0)*.45em + min(var(--strips,0),1)*.3em)}
    .swatch{display:inline-block;width:7rem;height:.7rem;vertical-align:baseline;
    background:linear-gradient(to right,rgb(222 60 47),transparent,rgb(47 111 222))}
    .gate{background:linear-gradient(to right,transparent,rgb(217 119 43))}
    """

  static let legend = """
    <p class=legend>State and candidate: -1 <span class=swatch></span> +1,
    red below 0 and blue above; gate: 0 <span class="swatch gate"></span> 1.
    <span id=scale></span><br>
    <span class=note>Strips below the characters, from above: <span id=strips>none</span>.
    Point at a character, or tap it, for the numbers.</span></p>
    """

  /// Tints the text by the chosen unit, and shows its numbers at the character under the pointer.
  static let script = """
    const tip=document.getElementById("tip"),chosen=new Set();
    let unit=0,tint=0,on=null;
    function code(v,k){return parseInt(data[unit][v][1].substr(2*k,2),36)/1295*2-1}
    function number(v,k){return code(v,k)*data[unit][v][0]}
    function color(v,k){const x=code(v,k);
    if(gates[v])return "rgb(217 119 43/"+Math.max(0,x).toFixed(2)+")";
    return (x<0?"rgb(222 60 47/":"rgb(47 111 222/")+Math.abs(x).toFixed(2)+")"}
    function layer(v,k,top,size){const c=color(v,k);
    return "linear-gradient("+c+","+c+") 0 "+top+"/100% "+size+" no-repeat"}
    function paint(){
    const strips=vectors.map((_,v)=>v).filter(v=>chosen.has(v));
    document.body.style.setProperty("--strips",strips.length);
    document.getElementById("strips").textContent=strips.map(v=>vectors[v]).join(", ")||"none";
    const scale=data[unit][tint][0];
    document.getElementById("scale").textContent=
    scale>1?vectors[tint]+" is divided by "+scale.toFixed(2)+", its largest magnitude.":"";
    for(const part of document.querySelectorAll(".t")){
    let k=Number(part.dataset.first);
    for(const sign of part.children){
    const layers=[layer(tint,k,"0",strips.length?"1.3em":"100%")];
    strips.forEach((v,n)=>layers.push(layer(v,k,(1.4+.45*n)+"em",".35em")));
    sign.style.background=layers.join(",");k++}}
    for(const button of document.querySelectorAll("button[data-unit]"))
    button.setAttribute("aria-pressed",Number(button.dataset.unit)===unit)}
    function choose(button){
    unit=Number(button.dataset.unit);tint=Number(button.dataset.tint);
    document.querySelector("input[type=radio][data-vector='"+tint+"']").checked=true;paint()}
    function node(name,text){const n=document.createElement(name);n.textContent=text;return n}
    function fill(sign){
    const index=Array.prototype.indexOf.call(sign.parentNode.children,sign);
    const k=Number(sign.parentNode.dataset.first)+index,table=document.createElement("table");
    tip.replaceChildren(node("div","unit "+units[unit]+", character "+k));
    vectors.forEach((name,v)=>{const row=document.createElement("tr");
    row.append(node("td",name),node("td",number(v,k).toFixed(2)));table.append(row)});
    tip.append(table)}
    function show(event){
    const sign=event.target.closest?event.target.closest(".t>i"):null;
    if(sign===on)return;
    if(on)on.classList.remove("on");
    on=sign;tip.hidden=!sign;
    if(!sign)return;
    sign.classList.add("on");fill(sign);
    const box=sign.getBoundingClientRect(),own=tip.getBoundingClientRect();
    tip.style.left=Math.max(4,Math.min(box.left,innerWidth-own.width-4))+"px";
    tip.style.top=(box.bottom+own.height+8<innerHeight?box.bottom+6:box.top-own.height-6)+"px"}
    document.addEventListener("mouseover",show);
    document.addEventListener("click",event=>{
    const button=event.target.closest("button[data-unit]");
    if(button)choose(button);else show(event)});
    document.addEventListener("change",event=>{
    const v=Number(event.target.dataset.vector);
    if(Number.isNaN(v))return;
    if(event.target.type==="radio")tint=v;
    else if(event.target.checked)chosen.add(v);else chosen.delete(v);
    paint()});
    document.getElementById("find").addEventListener("input",event=>{
    const words=event.target.value.toLowerCase();
    for(const row of document.getElementById("units").rows)
    row.hidden=!row.textContent.toLowerCase().includes(words)});
    choose(document.querySelector("button[data-unit]"));
    """
}
