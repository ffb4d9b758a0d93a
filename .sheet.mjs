import sharp from 'sharp';
import { drawnFace, pixelsOf } from './dist/server/src/drawn-faces/drawn-face.js';
import { drawnClasses } from './dist/server/src/drawn-faces/action-units.js';
const size=Number(process.argv[2]), per=Number(process.argv[3]), zoom=Number(process.argv[4]||1);
const cells=[]; const got=drawnClasses.map(()=>0); const W=size*zoom+4;
for(let n=0;n<4000 && got.some(g=>g<per);n++){ const f=drawnFace(7,'TRAIN',n*5%4000); const c=f.cleanLabelIndex; if(got[c]>=per||f.trueDistribution[c]<0.7) continue;
 const px=await sharp(pixelsOf(f,7,size),{raw:{width:size,height:size,channels:3}}).resize(size*zoom,size*zoom,{kernel:'nearest'}).png().toBuffer(); cells.push({input:px,left:got[c]*W,top:c*W}); got[c]++; }
await sharp({create:{width:per*W,height:7*W,channels:3,background:'#fff'}}).composite(cells).png().toFile(`/tmp/faces-sheet-${size}.png`); console.log(drawnClasses.join());
