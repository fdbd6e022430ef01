import { hindcast, skill } from "./src/verification.ts";
import { fitSeries } from "./src/fit.ts";
import { between } from "./src/series.ts";
import { dateOf } from "./src/calendar.ts";
import { readDailyFiles } from "../../tools/src/climate/daily-files.ts";
const dir="/work/shared/weather-data/daily";
const m=Number(process.argv[2]??200);
const pooled:any=[];
const f=(x:number)=>x.toFixed(3).padStart(6);
for (const code of ["OH","VA"]) for (const s of readDailyFiles(dir,code)) {
  const y=s.start/365.2425+1970, e=(s.start+s.high.length)/365.2425+1970;
  const split=`${Math.round(y+.7*(e-y))}-01-01`;
  const tr=between(s,"1900-01-01",split), te=between(s,split,"2100-01-01");
  const sc=hindcast(fitSeries([tr]),tr,te,{members:m});
  console.log(s.name,split);
  for (const l of sc) if([1,2,3,4,5,7,10].includes(l.lead)) console.log(String(l.lead).padStart(2), ...(["high","low"] as const).flatMap(k=>[k,"crpss",f(skill(l[k].model.crps,l[k].climatology.crps)),"crps",f(l[k].model.crps),f(l[k].climatology.crps),"cov",f(l[k].model.coverage),f(l[k].climatology.coverage)]),"BS",f(l.precipitation.model.brier),"BSS",f(skill(l.precipitation.model.brier,l.precipitation.climatology.brier)));
  pooled.push(sc);
}
console.log("ALL");
for(const lead of [1,2,3,4,5,7,10]){ const t=(k:any,w:any)=>{let a=0,n=0;for(const sc of pooled){const z=sc[lead-1][k][w];a+=z.crps*z.count;n+=z.count}return a/n};
 const c=(k:any,w:any)=>{let a=0,n=0;for(const sc of pooled){const z=sc[lead-1][k][w];a+=z.coverage*z.count;n+=z.count}return a/n};
 const b=(w:any)=>{let a=0,n=0;for(const sc of pooled){const z=sc[lead-1].precipitation[w];a+=z.brier*z.count;n+=z.count}return a/n};
 console.log(lead,"high",f(skill(t("high","model"),t("high","climatology"))),f(t("high","model")),f(c("high","model")),"low",f(skill(t("low","model"),t("low","climatology"))),f(t("low","model")),f(c("low","model")),"BSS",f(skill(b("model"),b("climatology"))),b("model").toFixed(5));
}
for (const lead of [1,3]) {console.log("reliability lead",lead);
for(let i=0;i<10;i++){let n=0,p=0,h=0;for(const sc of pooled){const z=sc[lead-1].precipitation.model.bins[i];n+=z.count;p+=z.probability;h+=z.happened} if(n)console.log(i,n,f(p/n),f(h/n))}}
