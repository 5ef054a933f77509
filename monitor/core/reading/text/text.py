"""Text with folded forms that can be mapped back to the original, so that evidence is quoted as published."""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from monitor.core.periods import Period

# Traditional Chinese characters and their simplified forms, so that both ways of writing are read alike ---------------
#
# The pairs are those of OpenCC (Apache License 2.0) that Big5 and GB 2312 contain, which is what newspapers print.


_TRADITIONAL = (
    "丟並乾亂亙亞佇佈佔併來侖侶侷俁係俠俬倀倆倉個們倖倫偉側偵偽傑傖傘備傢傭傯傳傴債傷傾僂僅僉僑僕僥僨僱價儀儂億儈儉儐"
    "儔儕儘償優儲儷儺儻儼兇兌兒兗內兩冊冑冪凈凍凜凱別刪剄則剋剎剛剝剮剴創剷劃劄劇劉劊劌劍劑勁動務勛勝勞勢勱勳勵勸勻匭"
    "匯匱區協卹卻厙厤厭厲厴參叢吒吳吶呂咼員唄唸問啞啟喚喪喫喬單喲嗆嗇嗎嗚嗩嗶嘆嘍嘔嘖嘗嘜嘩嘮嘯嘰嘵嘸噁噓噠噥噦噯噲噴"
    "噸噹嚀嚇嚌嚐嚕嚙嚥嚦嚨嚮嚳嚴嚶囀囁囂囅囈囌囑囪圇國圍園圓圖團埡埰執堅堊堝堯報場塊塋塏塒塗塚塢塤塵塹墊墜墮墳墾壇壎"
    "壓壘壙壚壞壟壢壩壯壺壽夠夢夥夾奐奧奩奪奮奼妝姍姦娛婁婦婭媧媯媼媽嫋嫗嫵嫻嬈嬋嬌嬙嬡嬤嬪嬰嬸孃孌孫學孿宮寀寢實寧審"
    "寫寬寵寶將專尋對導尷屆屍屜屢層屨屬岡峴島峽崍崑崗崙崢嵐嶁嶄嶇嶗嶠嶧嶸嶺嶼嶽巋巒巔巖巰巹帥師帳帶幀幃幗幘幟幣幫幬幹"
    "幾庫廁廂廄廈廕廚廝廟廠廡廢廣廩廬廳弒弔弳張強彆彈彌彎彔彙彥彫彿後徑從徠復徵徹恆恥悅悵悶悽惡惱惲惻愛愜愨愴愷愾慄態"
    "慍慘慚慟慣慪慫慮慳慶慼慾憂憊憐憑憒憚憤憫憮憲憶懇應懌懍懞懟懣懨懲懶懷懸懺懼懾戀戇戔戧戩戰戲戶扞拋拚挾捨捫捱捲掃掄"
    "掙掛採揀揚換揮損搖搗搧搶摑摜摟摯摳摶摺摻撈撐撓撟撣撥撫撲撳撻撾撿擁擄擇擊擋擔據擠擣擬擯擰擱擲擴擷擺擻擼擾攄攆攏攔"
    "攖攙攛攜攝攢攣攤攪攬敗敘敵數斂斃斕斬斷於旂昇時晉晝暈暉暢暫曄曆曇曉曏曖曠曬書會朧朮東枴柵柺桿梔條梟棄棖棗棟棧棲椏"
    "楊楓楨業極榦榪榮榿構槍槓槧槨槳樁樂樅樑樓標樞樣樸樹樺橈橋機橢橫檁檉檔檜檢檣檯檳檸檻櫃櫓櫚櫛櫝櫞櫟櫥櫧櫨櫪櫫櫬櫱櫳"
    "櫸櫻欄權欏欒欖欞欽歎歐歟歡歲歷歸歿殘殞殤殫殭殮殯殲殺殼毀毆毿氂氈氌氣氫氬氳氾汎汙決沒沖況泝洩洶浹涇涼淒淚淥淨淩淪"
    "淵淶淺渙減渦測渾湊湞湧湯溈準溝溫溼滄滅滌滎滬滯滲滷滸滾滿漁漚漢漣漬漲漵漸漿潁潑潔潛潤潯潰潷潿澀澆澇澗澠澤澩澮澱濁"
    "濃濕濘濛濟濤濫濰濱濺濼濾瀅瀆瀉瀋瀏瀕瀘瀝瀟瀠瀦瀧瀨瀰瀲瀾灃灄灑灕灘灝灣灤灩災為烏烴無煉煒煙煢煥煩煬熒熗熱熾燁燈燉"
    "燒燙燜營燦燬燭燴燻燼燾爍爐爛爭爺爾牆牘牴牽犖犛犢犧狀狹狽猙猶猻獃獄獅獎獨獪獫獰獲獵獷獸獺獻獼玀現琱琺琿瑋瑣瑤瑩瑪"
    "璉璣璦環璽璿瓊瓏瓔瓚甌甕產畝畢畫異當疇疊痙痠痾瘋瘍瘓瘞瘡瘧瘺療癆癇癉癒癘癟癡癢癤癥癩癬癭癮癰癱癲發皁皚皰皸皺盃盜"
    "盞盡監盤盧盪眥眾睏睜睞瞞瞼矇矚矯硃硤硨硯碩碭確碼磚磣磧磯磽礎礙礦礪礫礬礱祕祿禍禎禦禪禮禰禱禿秈稅稈稜稟種稱穀穌積"
    "穎穡穢穩穫窩窪窮窯窶窺竄竅竇竊競筆筍筧箇箋箏節範築篋篤篩篳簀簍簑簞簡簣簫簽簾籃籌籜籟籠籤籩籪籬籮籲粵糝糞糧糰糲糴"
    "糶糾紀紂約紅紆紇紈紉紋納紐紓純紕紗紙級紛紜紡紮細紱紲紳紹紺紼紿絀終絃組絆絎結絕絛絞絡絢給絨統絲絳絹綁綃綆綈綏綑經"
    "綜綞綠綢綣綬維綰綱網綴綵綸綹綺綻綽綾綿緄緇緊緋緒緗緘緙線緝緞締緡緣緦編緩緬緯緱緲練緶緹緻縈縉縊縋縐縑縛縝縞縟縣縫"
    "縭縮縱縲縴縵縶縷縹總績繃繅繆繒織繕繚繞繡繢繩繪繫繭繯繰繳繹繼繽繾纈纊續纍纏纓纔纖纘纜缽罈罌罰罵罷羅羆羈羋羥羨義羶"
    "習翫翹耬聖聞聯聰聲聳聵聶職聹聽聾肅脅脈脛脣脩脫脹腎腡腦腫腳腸膃膚膠膩膽膾膿臉臍臏臘臚臟臠臥臨臺與興舉舊舖艙艤艦艫"
    "艱艷芻苧茲荊莊莖莢莧華菴菸萇萊萬萵葉葒葦葯葷蒐蒔蒞蒼蓀蓆蓋蓮蓯蓴蓽蔔蔘蔞蔣蔥蔦蔭蕁蕆蕎蕓蕕蕘蕢蕩蕪蕭蕷薈薊薌薑薔"
    "薟薦薩薹薺藍藎藝藥藪藶藹藺蘄蘆蘇蘊蘋蘚蘞蘢蘭蘺蘿處虛虜號虧虯蛺蛻蜆蝕蝟蝦蝨蝸螄螞螢螻蟄蟈蟣蟬蟯蟲蟶蟻蠅蠆蠍蠐蠑蠔"
    "蠟蠣蠱蠶蠻衊術衕衚衛衝袞袷裊補裝裡製複褲褳褸褻襉襖襝襠襤襪襬襯襲覈見規覓視覘覡覦親覬覯覲覷覺覽覿觀觴觶觸訂訃計訊"
    "訌討訐訓訕訖託記訛訝訟訣訥訪設許訴訶診註証詁詆詎詐詒詔評詘詛詞詠詡詢詣試詩詫詬詭詮詰話該詳詵詼詿誄誅誆誇誌認誑誒"
    "誕誘誚語誠誡誣誤誥誦誨說誰課誶誹誼調諂諄談諉請諍諏諑諒論諗諛諜諞諡諢諤諦諧諫諭諮諱諳諶諷諸諺諼諾謀謁謂謄謅謊謎謐"
    "謔謖謗謙謚講謝謠謨謫謬謳謹謾譁證譎譏譖識譙譚譜譟譫譭譯議譴護譽譾讀變讎讒讓讕讖讚讜讞谿豈豎豐豔豬貍貓貝貞負財貢貧"
    "貨販貪貫責貯貰貲貳貴貶買貸貺費貼貽貿賀賁賂賃賄賅資賈賊賑賒賓賕賚賜賞賠賡賢賣賤賦賧質賬賭賴賺賻購賽賾贄贅贈贊贍贏"
    "贐贓贖贗贛趕趙趨趲跡踐踰踴蹌蹕蹟蹠蹣蹤蹺躉躊躋躍躑躒躓躕躚躡躥躦躪軀車軋軌軍軒軔軛軟軫軸軹軺軻軼軾較輅輇載輊輒輓"
    "輔輕輛輜輝輞輟輥輦輩輪輯輳輸輻輾輿轂轄轅轆轉轍轎轔轟轡轢轤辦辭辮辯農迴逕這連週進遊運過達違遙遜遞遠適遲遶遷選遺遼"
    "邁還邇邊邏邐郟郵鄆鄉鄒鄔鄖鄧鄭鄰鄲鄴鄶鄺酈醃醜醞醣醫醬釀釁釃釅釋釐釓釔釕釗釘釙針釣釤釦釧釩釵釷釹鈀鈁鈄鈅鈉鈍鈐鈑"
    "鈔鈕鈞鈣鈥鈦鈧鈮鈰鈳鈴鈷鈸鈹鈺鈽鈾鈿鉀鉅鉆鉈鉉鉍鉑鉗鉚鉛鉞鉤鉦鉬鉭鉸鉺鉻鉿銀銃銅銑銓銖銘銚銜銠銣銥銦銨銩銪銫銬銳"
    "銷銻銼鋁鋃鋅鋇鋌鋏鋒鋝鋟鋤鋦鋨鋪鋮鋯鋰鋱鋸鋼錁錄錆錈錐錒錕錘錙錚錛錟錠錢錦錨錫錮錯錳錶錸錼鍆鍇鍊鍋鍍鍔鍘鍛鍤鍥鍬"
    "鍰鍵鍶鍺鍼鍾鎂鎊鎌鎖鎘鎚鎢鎣鎦鎧鎩鎪鎬鎮鎰鎳鎵鏃鏇鏈鏌鏍鏑鏗鏘鏜鏝鏞鏟鏡鏢鏤鏨鏵鏷鏹鏽鐃鐋鐐鐒鐓鐔鐘鐙鐠鐨鐫鐮鐲"
    "鐳鐵鐸鐺鐿鑄鑊鑌鑑鑒鑠鑣鑭鑰鑲鑷鑼鑽鑾鑿钁長門閂閃閆閉開閌閎閏閑閒間閔閘閡閣閤閥閨閩閫閬閭閱閶閹閻閼閽閾閿闃闆闇"
    "闈闊闋闌闐闔闕闖關闞闡闢闥陘陝陞陣陰陳陸陽隉隊階隕際隨險隱隴隸隻雋雖雙雛雜雞離難雲電霑霧霽靂靄靈靚靜靦靨鞏鞝鞦韁"
    "韃韆韉韋韌韓韙韜韝韞韻響頁頂頃項順頇須頊頌頎頏預頑頒頓頗領頜頡頤頦頭頰頷頸頹頻顆題額顎顏顓願顙顛類顢顥顧顫顯顰顱"
    "顳顴風颮颯颱颳颶颼飄飆飛飢飩飪飫飭飯飲飴飼飽飾餃餅餈餉養餌餑餒餓餘餚餛餞餡館餬餱餳餵餼餾餿饃饅饈饉饋饌饑饒饗饜饞"
    "馬馭馮馱馳馴駁駐駑駒駔駕駘駙駛駝駟駢駭駱駿騁騅騍騎騏騖騙騫騭騮騰騶騷騸騾驀驁驂驃驄驅驊驍驏驕驗驚驛驟驢驤驥驪骯髏"
    "髒體髕髖髮鬆鬍鬚鬢鬥鬧鬨鬩鬮鬱魎魘魚魯魴魷鮐鮑鮒鮚鮞鮪鮫鮭鮮鯀鯁鯇鯉鯊鯔鯖鯗鯛鯡鯢鯤鯧鯨鯪鯫鯰鯽鰈鰉鰍鰒鰓鰣鰥鰨"
    "鰩鰭鰱鰲鰳鰷鰹鰻鰾鱈鱉鱒鱔鱖鱗鱘鱟鱧鱭鱷鱸鱺鳥鳧鳩鳳鳴鳶鴆鴇鴉鴕鴛鴝鴟鴣鴦鴨鴯鴰鴻鴿鵂鵑鵒鵓鵜鵝鵠鵡鵪鵬鵯鵰鵲鶇"
    "鶉鶘鶚鶩鶯鶴鶻鶼鶿鷂鷓鷗鷙鷚鷥鷦鷯鷲鷳鷴鷸鷹鷺鸕鸚鸛鸝鸞鹵鹹鹺鹼鹽麗麥麩麴麵麼黃黌點黨黲黴黷黽黿鼉鼕鼴齊齋齎齏齒"
    "齔齙齜齟齠齡齣齦齧齪齬齲齶齷龍龐龔龕龜"
)
_SIMPLIFIED = (
    "丢并干乱亘亚伫布占并来仑侣局俣系侠私伥俩仓个们幸伦伟侧侦伪杰伧伞备家佣偬传伛债伤倾偻仅佥侨仆侥偾雇价仪侬亿侩俭傧"
    "俦侪尽偿优储俪傩傥俨凶兑儿兖内两册胄幂净冻凛凯别删刭则克刹刚剥剐剀创铲划札剧刘刽刿剑剂劲动务勋胜劳势劢勋励劝匀匦"
    "汇匮区协恤却厍历厌厉厣参丛咤吴呐吕呙员呗念问哑启唤丧吃乔单哟呛啬吗呜唢哔叹喽呕啧尝唛哗唠啸叽哓呒恶嘘哒哝哕嗳哙喷"
    "吨当咛吓哜尝噜啮咽呖咙向喾严嘤啭嗫嚣冁呓苏嘱囱囵国围园圆图团垭采执坚垩埚尧报场块茔垲埘涂冢坞埙尘堑垫坠堕坟垦坛埙"
    "压垒圹垆坏垄坜坝壮壶寿够梦伙夹奂奥奁夺奋姹妆姗奸娱娄妇娅娲妫媪妈袅妪妩娴娆婵娇嫱嫒嬷嫔婴婶娘娈孙学孪宫采寝实宁审"
    "写宽宠宝将专寻对导尴届尸屉屡层屦属冈岘岛峡崃昆岗仑峥岚嵝崭岖崂峤峄嵘岭屿岳岿峦巅岩巯卺帅师帐带帧帏帼帻帜币帮帱干"
    "几库厕厢厩厦荫厨厮庙厂庑废广廪庐厅弑吊弪张强别弹弥弯录汇彦雕佛后径从徕复征彻恒耻悦怅闷凄恶恼恽恻爱惬悫怆恺忾栗态"
    "愠惨惭恸惯怄怂虑悭庆戚欲忧惫怜凭愦惮愤悯怃宪忆恳应怿懔蒙怼懑恹惩懒怀悬忏惧慑恋戆戋戗戬战戏户捍抛拼挟舍扪挨卷扫抡"
    "挣挂采拣扬换挥损摇捣扇抢掴掼搂挚抠抟折掺捞撑挠挢掸拨抚扑揿挞挝捡拥掳择击挡担据挤捣拟摈拧搁掷扩撷摆擞撸扰摅撵拢拦"
    "撄搀撺携摄攒挛摊搅揽败叙敌数敛毙斓斩断于旗升时晋昼晕晖畅暂晔历昙晓向暧旷晒书会胧术东拐栅拐杆栀条枭弃枨枣栋栈栖桠"
    "杨枫桢业极干杩荣桤构枪杠椠椁桨桩乐枞梁楼标枢样朴树桦桡桥机椭横檩柽档桧检樯台槟柠槛柜橹榈栉椟橼栎橱槠栌枥橥榇蘖栊"
    "榉樱栏权椤栾榄棂钦叹欧欤欢岁历归殁残殒殇殚僵殓殡歼杀壳毁殴毵牦毡氇气氢氩氲泛泛污决没冲况溯泄汹浃泾凉凄泪渌净凌沦"
    "渊涞浅涣减涡测浑凑浈涌汤沩准沟温湿沧灭涤荥沪滞渗卤浒滚满渔沤汉涟渍涨溆渐浆颍泼洁潜润浔溃滗涠涩浇涝涧渑泽泶浍淀浊"
    "浓湿泞蒙济涛滥潍滨溅泺滤滢渎泻沈浏濒泸沥潇潆潴泷濑弥潋澜沣滠洒漓滩灏湾滦滟灾为乌烃无炼炜烟茕焕烦炀荧炝热炽烨灯炖"
    "烧烫焖营灿毁烛烩熏烬焘烁炉烂争爷尔墙牍抵牵荦牦犊牺状狭狈狰犹狲呆狱狮奖独狯猃狞获猎犷兽獭献猕猡现雕珐珲玮琐瑶莹玛"
    "琏玑瑷环玺璇琼珑璎瓒瓯瓮产亩毕画异当畴叠痉酸疴疯疡痪瘗疮疟瘘疗痨痫瘅愈疠瘪痴痒疖症癞癣瘿瘾痈瘫癫发皂皑疱皲皱杯盗"
    "盏尽监盘卢荡眦众困睁睐瞒睑蒙瞩矫朱硖砗砚硕砀确码砖碜碛矶硗础碍矿砺砾矾砻秘禄祸祯御禅礼祢祷秃籼税秆棱禀种称谷稣积"
    "颖穑秽稳获窝洼穷窑窭窥窜窍窦窃竞笔笋笕个笺筝节范筑箧笃筛筚箦篓蓑箪简篑箫签帘篮筹箨籁笼签笾簖篱箩吁粤糁粪粮团粝籴"
    "粜纠纪纣约红纡纥纨纫纹纳纽纾纯纰纱纸级纷纭纺扎细绂绁绅绍绀绋绐绌终弦组绊绗结绝绦绞络绚给绒统丝绛绢绑绡绠绨绥捆经"
    "综缍绿绸绻绶维绾纲网缀彩纶绺绮绽绰绫绵绲缁紧绯绪缃缄缂线缉缎缔缗缘缌编缓缅纬缑缈练缏缇致萦缙缢缒绉缣缚缜缟缛县缝"
    "缡缩纵缧纤缦絷缕缥总绩绷缫缪缯织缮缭绕绣缋绳绘系茧缳缲缴绎继缤缱缬纩续累缠缨才纤缵缆钵坛罂罚骂罢罗罴羁芈羟羡义膻"
    "习玩翘耧圣闻联聪声耸聩聂职聍听聋肃胁脉胫唇修脱胀肾脶脑肿脚肠腽肤胶腻胆脍脓脸脐膑腊胪脏脔卧临台与兴举旧铺舱舣舰舻"
    "艰艳刍苎兹荆庄茎荚苋华庵烟苌莱万莴叶荭苇药荤搜莳莅苍荪席盖莲苁莼荜卜参蒌蒋葱茑荫荨蒇荞芸莸荛蒉荡芜萧蓣荟蓟芗姜蔷"
    "莶荐萨苔荠蓝荩艺药薮苈蔼蔺蕲芦苏蕴苹藓蔹茏兰蓠萝处虚虏号亏虬蛱蜕蚬蚀猬虾虱蜗蛳蚂萤蝼蛰蝈虮蝉蛲虫蛏蚁蝇虿蝎蛴蝾蚝"
    "蜡蛎蛊蚕蛮蔑术同胡卫冲衮夹袅补装里制复裤裢褛亵裥袄裣裆褴袜摆衬袭核见规觅视觇觋觎亲觊觏觐觑觉览觌观觞觯触订讣计讯"
    "讧讨讦训讪讫托记讹讶讼诀讷访设许诉诃诊注证诂诋讵诈诒诏评诎诅词咏诩询诣试诗诧诟诡诠诘话该详诜诙诖诔诛诓夸志认诳诶"
    "诞诱诮语诚诫诬误诰诵诲说谁课谇诽谊调谄谆谈诿请诤诹诼谅论谂谀谍谝谥诨谔谛谐谏谕咨讳谙谌讽诸谚谖诺谋谒谓誊诌谎谜谧"
    "谑谡谤谦谥讲谢谣谟谪谬讴谨谩哗证谲讥谮识谯谭谱噪谵毁译议谴护誉谫读变雠谗让谰谶赞谠谳溪岂竖丰艳猪狸猫贝贞负财贡贫"
    "货贩贪贯责贮贳赀贰贵贬买贷贶费贴贻贸贺贲赂赁贿赅资贾贼赈赊宾赇赉赐赏赔赓贤卖贱赋赕质账赌赖赚赙购赛赜贽赘赠赞赡赢"
    "赆赃赎赝赣赶赵趋趱迹践逾踊跄跸迹跖蹒踪跷趸踌跻跃踯跞踬蹰跹蹑蹿躜躏躯车轧轨军轩轫轭软轸轴轵轺轲轶轼较辂辁载轾辄挽"
    "辅轻辆辎辉辋辍辊辇辈轮辑辏输辐辗舆毂辖辕辘转辙轿辚轰辔轹轳办辞辫辩农回径这连周进游运过达违遥逊递远适迟绕迁选遗辽"
    "迈还迩边逻逦郏邮郓乡邹邬郧邓郑邻郸邺郐邝郦腌丑酝糖医酱酿衅酾酽释厘钆钇钌钊钉钋针钓钐扣钏钒钗钍钕钯钫钭钥钠钝钤钣"
    "钞钮钧钙钬钛钪铌铈钶铃钴钹铍钰钸铀钿钾巨钻铊铉铋铂钳铆铅钺钩钲钼钽铰铒铬铪银铳铜铣铨铢铭铫衔铑铷铱铟铵铥铕铯铐锐"
    "销锑锉铝锒锌钡铤铗锋锊锓锄锔锇铺铖锆锂铽锯钢锞录锖锩锥锕锟锤锱铮锛锬锭钱锦锚锡锢错锰表铼镎钔锴炼锅镀锷铡锻锸锲锹"
    "锾键锶锗针钟镁镑镰锁镉锤钨蓥镏铠铩锼镐镇镒镍镓镞旋链镆镙镝铿锵镗镘镛铲镜镖镂錾铧镤镪锈铙铴镣铹镦镡钟镫镨镄镌镰镯"
    "镭铁铎铛镱铸镬镔鉴鉴铄镳镧钥镶镊锣钻銮凿镢长门闩闪闫闭开闶闳闰闲闲间闵闸阂阁合阀闺闽阃阆闾阅阊阉阎阏阍阈阌阒板暗"
    "闱阔阕阑阗阖阙闯关阚阐辟闼陉陕升阵阴陈陆阳陧队阶陨际随险隐陇隶只隽虽双雏杂鸡离难云电沾雾霁雳霭灵靓静腼靥巩绱秋缰"
    "鞑千鞯韦韧韩韪韬鞲韫韵响页顶顷项顺顸须顼颂颀颃预顽颁顿颇领颌颉颐颏头颊颔颈颓频颗题额颚颜颛愿颡颠类颟颢顾颤显颦颅"
    "颞颧风飑飒台刮飓飕飘飙飞饥饨饪饫饬饭饮饴饲饱饰饺饼糍饷养饵饽馁饿余肴馄饯馅馆糊糇饧喂饩馏馊馍馒馐馑馈馔饥饶飨餍馋"
    "马驭冯驮驰驯驳驻驽驹驵驾骀驸驶驼驷骈骇骆骏骋骓骒骑骐骛骗骞骘骝腾驺骚骟骡蓦骜骖骠骢驱骅骁骣骄验惊驿骤驴骧骥骊肮髅"
    "脏体髌髋发松胡须鬓斗闹哄阋阄郁魉魇鱼鲁鲂鱿鲐鲍鲋鲒鲕鲔鲛鲑鲜鲧鲠鲩鲤鲨鲻鲭鲞鲷鲱鲵鲲鲳鲸鲮鲰鲶鲫鲽鳇鳅鳆鳃鲥鳏鳎"
    "鳐鳍鲢鳌鳓鲦鲣鳗鳔鳕鳖鳟鳝鳜鳞鲟鲎鳢鲚鳄鲈鲡鸟凫鸠凤鸣鸢鸩鸨鸦鸵鸳鸲鸱鸪鸯鸭鸸鸹鸿鸽鸺鹃鹆鹁鹈鹅鹄鹉鹌鹏鹎雕鹊鸫"
    "鹑鹕鹗鹜莺鹤鹘鹣鹚鹞鹧鸥鸷鹨鸶鹪鹩鹫鹇鹇鹬鹰鹭鸬鹦鹳鹂鸾卤咸鹾碱盐丽麦麸曲面么黄黉点党黪霉黩黾鼋鼍冬鼹齐斋赍齑齿"
    "龀龅龇龃龆龄出龈啮龊龉龋腭龌龙庞龚龛龟"
)

#: Traditional → simplified, character for character.
SIMPLIFIED = dict(zip(_TRADITIONAL, _SIMPLIFIED, strict=True))


#: The greatest length of a resolved character; the few characters that stand for a whole sentence are not resolved.
_LONGEST_FOLD = 4


def _fold(char: str) -> str:
    """One character in lower case with compatibility forms resolved; "" if it carries no meaning of its own."""
    if (plain := _plain(char)) != char:
        return plain
    folded = unicodedata.normalize("NFKC", char).casefold()
    if (len(folded) > 1 and char == "ß") or len(folded) > _LONGEST_FOLD:
        return char
    if unicodedata.category(char) == "Nd":
        return str(unicodedata.digit(char))
    return "".join(map(_plain, folded)) or char


def _plain(char: str) -> str:
    """One character with quotes and hyphens unified; "" if it carries no meaning of its own."""
    if char in "\u0640\u200b\u200c\u200d\u200e\u200f\u00ad\ufeff\u2060" or unicodedata.category(char) in {"Mn", "Cf"}:
        return ""
    if char in "\u2018\u2019\u02bc\u0060\u00b4":
        return "'"
    if unicodedata.category(char) == "Cs":
        # A surrogate, which no encoding can represent.
        return "\ufffd"
    return "-" if char in "\u2010\u2011\u2212" else char


_ARABIC_LETTERS = {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي", "ک": "ك", "ی": "ي"}
_NO_DECOMPOSITION = {"ø": "o", "ł": "l", "đ": "d", "ß": "s", "ı": "i", "æ": "a", "œ": "o"}


def _bare(char: str) -> str:
    """One folded character without accent, with Arabic letter forms unified and Chinese simplified.

    Always exactly one character.
    """
    if char in SIMPLIFIED:
        return SIMPLIFIED[char]
    if char in _ARABIC_LETTERS:
        return _ARABIC_LETTERS[char]
    base = unicodedata.normalize("NFD", char)[0] if char < "\uac00" else char
    return _NO_DECOMPOSITION.get(base, base)


#: With more distinct characters to change than this, they are changed in one pass.
_FEW = 40


class _Table(dict[int, str]):
    """Cache of a pure function of one character, as ``str.translate`` expects it; bounded by the size of Unicode.

    The function must leave its own results unchanged.
    """

    def __init__(self, function: Callable[[str], str]) -> None:
        super().__init__()
        self._function = function
        self._steady: set[str] = set()

    def __missing__(self, code: int) -> str:
        char = chr(code)
        new = self[code] = self._function(char)
        if new == char:
            self._steady.add(char)
        return new

    def changes(self, chars: set[str]) -> dict[str, str]:
        """The characters that change, each with its replacement."""
        return {char: new for char in chars - self._steady if (new := self[ord(char)]) != char}

    def translated(self, text: str, changes: Mapping[str, str]) -> str:
        """The text with the changes applied. Usually there are few, which is faster one by one."""
        if len(changes) > _FEW:
            return text.translate(self)
        for char, new in changes.items():
            text = text.replace(char, new)
        return text


_FOLDS = _Table(_fold)
_BARES = _Table(_bare)
#: A year that is written in Chinese numerals: 二〇二六年.
_SPELT_YEAR = re.compile("(?:一九|二[〇零])[〇零一二三四五六七八九]{2}(?=年)")
_NUMERALS = str.maketrans("〇零一二三四五六七八九", "00123456789")


@dataclass(frozen=True, slots=True)
class Text:
    """A text and its two folded forms.

    ``lower`` is in lower case. Compatibility forms are resolved, typographic quotes and hyphens are plain, digits are
    ASCII, also those of years in Chinese numerals. Marks that carry no meaning of their own (Arabic diacritics,
    tatweel, zero-width characters) are dropped; accents of composed letters stay. ``bare`` is ``lower`` without
    accents, with Arabic letter forms unified and Chinese simplified. The two have the same length, so that a span in
    one is a span in the other. ``original_span`` maps a span back to the text as published.
    """

    original: str
    lower: str
    bare: str
    #: Positions in the folded forms where the offset to the original changes, and the corresponding positions in the
    #: original. Between two of them both advance together. Empty if nothing changes.
    _starts: tuple[int, ...] = ()
    _origins: tuple[int, ...] = ()

    @classmethod
    def of(cls, original: str) -> "Text":
        """Fold a text; takes time linear in its length."""
        # In lower case, so that fewer characters change. "İ" is the only capital whose lower case has two letters.
        cased = original.replace("İ", "I").lower()
        chars = set(cased)
        folds = _FOLDS.changes(chars)
        lower = _FOLDS.translated(cased, folds)
        if "年" in chars:
            lower = _SPELT_YEAR.sub(lambda year: year[0].translate(_NUMERALS), lower)
        bare = _BARES.translated(lower, _BARES.changes(chars.union(*folds.values())))
        lengths = {char: len(folded) for char, folded in folds.items() if len(folded) != 1}
        return cls(original, lower, bare, *(_way_back(cased, lengths) if lengths else ()))

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """The place in the original of a span of the folded forms."""
        if not self._starts:
            return start, end
        first = self._origin(start)
        return first, first if start == end else max(self._origin(end - 1) + 1, self._origin(end))

    def folded(self, place: int) -> int:
        """The place in the folded forms of a place in the original."""
        return len(Text.of(self.original[:place]).lower) if self._starts else place

    def is_capital(self, place: int) -> bool:
        """Whether the character there was published as a capital."""
        return self.original[self._origin(place) if self._starts else place].isupper()

    def _origin(self, place: int) -> int:
        index = bisect_right(self._starts, place) - 1
        return self._origins[index] + place - self._starts[index] if index >= 0 else place

    def quote(self, start: int, end: int) -> str:
        """The original words of a span, without surrounding white space."""
        first, last = self.original_span(start, end)
        return self.original[first:last].strip()


def _way_back(cased: str, lengths: Mapping[str, int]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """``Text._starts`` and ``Text._origins`` of a text with characters that do not fold to exactly one."""
    origins: dict[int, int] = {}
    shift = 0
    for found in _any_of("".join(sorted(lengths))).finditer(cased):
        place, length = found.start(), lengths[found[0]]
        start = place + shift
        origins.update(dict.fromkeys(range(start, start + length), place))
        origins[start + length] = place + 1
        shift += length - 1
    return tuple(origins), tuple(origins.values())


@lru_cache(maxsize=256)
def _any_of(chars: str) -> re.Pattern[str]:
    return re.compile(f"[{re.escape(chars)}]")


def bare(text: str) -> str:
    """The bare form of a short text, in which vocabulary and names are compared."""
    return Text.of(text).bare


# An article laid out for reading: one folded text, its sentences and their clauses. Spans are in the folded text ------


# A tuple, because it is created, compared and looked up more often than anything else.
class Span(NamedTuple):
    """Half-open stretch of the folded text."""

    start: int
    end: int

    def contains(self, other: "Span") -> bool:
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: "Span") -> bool:
        return self.start < other.end and other.start < self.end


def apart(spans: Iterable[Span], others: Iterable[Span]) -> list[Span]:
    """The spans that overlap none of the others. Does not compare each with each."""
    ordered = sorted(others)
    starts = [other.start for other in ordered]
    #: For each of the others, how far it and those before it reach.
    reach = list(accumulate((other.end for other in ordered), max))
    return [span for span in spans if not (at := bisect_left(starts, span.end)) or reach[at - 1] <= span.start]


class Sentence(NamedTuple):
    """A sentence (or the headline, a list item, a table row) and its clauses, in order."""

    span: Span
    clauses: tuple[Span, ...]
    #: It is the headline, which has its own grammar and may be corrected by the body.
    is_title: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Title and body as one text; if there is a title, it is the first sentence."""

    text: Text
    sentences: Sequence[Sentence]
    #: ISO 639-1; selects the lexicon.
    language: str
    #: Relative dates are resolved against it. None if unknown.
    published: Period | None

    @property
    def opening(self) -> int:
        """The index of the first sentence of the body; of the headline, if there is no body."""
        return next((number for number, sentence in enumerate(self.sentences) if not sentence.is_title), 0)

    def sentences_at(self, spans: Iterable[Span]) -> Iterator[int]:
        """The index of the sentence in which each of the spans begins; 0 for a span before the first sentence."""
        starts = [sentence.span.start for sentence in self.sentences]
        return (max(0, bisect_right(starts, span.start) - 1) for span in spans)

    def quote(self, span: Span) -> str:
        """The words as published."""
        return self.text.quote(span.start, span.end)
