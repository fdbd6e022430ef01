import { forecaster, seedFrom } from "./src/index.ts";
import { readFileSync } from "node:fs";
const f = forecaster(JSON.parse(readFileSync(`/work/main/apps/ohio-server/src/climate.json`,"utf8")));
const q={station:"KCMH",start:"2026-11-23",days:5,members:200,seed:7};
for (let r=0;r<3;r++){ const t=process.cpuUsage(); const N=4000;
for(let i=0;i<N;i++){q.seed=i; f.forecast(q);} const u=process.cpuUsage(t); console.log(((u.user+u.system)/N).toFixed(1),"µs");}
