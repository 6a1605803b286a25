"""What the times in a sentence mean, against sentences that were read by hand before the program read them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.cases import days_of
from index.records import Article, Chunk, Passage
from rag.records import Citation
from rag.times.meaning import read_quotes, read_times

# The article's day (or -) | a sentence | the times in it and their days as in evals/cases.py: 2023-02-28, 2023-02,
# 2023, or two days with a slash; "?" is not told; nothing: no time is to be read.
SENTENCES = """
#
# weekdays, past
2023-03-03 | The prime minister resigned on Tuesday. | Tuesday = 2023-02-28
2023-03-03 | Police arrested three men Wednesday night after a chase. | Wednesday night = 2023-03-01
2023-03-03 | The court ruled on Friday that the ban was unlawful. | Friday = 2023-03-03
2023-03-03 | On Saturday the ferry struck a rock and sank. | Saturday = 2023-02-25
2023-03-03 | The mayor told reporters late Thursday that talks had failed. | late Thursday = 2023-03-02
2023-03-03 | Early Monday morning, residents were woken by sirens. | Early Monday morning = 2023-02-27
2023-03-03 | Monday's vote was the closest in a generation. | Monday = 2023-02-27
2023-03-03 | Last Friday the company recalled the cars. | Last Friday = 2023-02-24
2023-03-03 | The strike began last Monday and has spread to the ports. | last Monday = 2023-02-27
2023-03-03 | Rail services have been suspended since Sunday. | Sunday = 2023-02-26
2023-03-03 | As of Wednesday, 14 people were missing. | Wednesday = 2023-03-01
2023-03-03 | Both sides met on Monday and again on Thursday. | Monday = 2023-02-27; Thursday = 2023-03-02
2023-03-03 | The fire, which started on Sunday, was put out on Tuesday. | Sunday = 2023-02-26; Tuesday = 2023-02-28
2023-03-03 | President Macron met Chancellor Scholz Tuesday in Paris. | Tuesday = 2023-02-28
2023-03-03 | On Wednesday President Biden signed the bill. | Wednesday = 2023-03-01
2023-03-03 | The tanker was refloated on Tuesday of last week. | Tuesday of last week = 2023-02-21
2023-03-03 | He appeared in court on Monday last week. | Monday last week = 2023-02-20
2023-03-03 | The shelling stopped this Wednesday, the army said. | this Wednesday = 2023-03-01
2022-01-01 | Fireworks injured 20 people on Friday. | Friday = 2021-12-31
2024-02-29 | The dam burst on Monday. | Monday = 2024-02-26
2016-06-12 | Fighters of the group intensified their counter-attacks Wednesday to try to regain ground. | Wednesday = 2016-06-08
2016-06-12 | But the advance has been stalled since Sunday on the outskirts. | Sunday = 2016-06-12
2016-06-12 | On Tuesday the UN Security Council unanimously authorised a European Union naval mission. | Tuesday = 2016-06-07
# weekdays, future
2023-03-03 | Voters will go to the polls on Sunday. | Sunday = 2023-03-05
2023-03-03 | The minister is to meet union leaders on Monday. | Monday = 2023-03-06
2023-03-03 | On Saturday the king is to open the new bridge. | Saturday = 2023-03-04
2023-03-03 | The inquiry is expected to report next Tuesday. | next Tuesday = 2023-03-07
2023-03-03 | A hearing is scheduled for Wednesday. | Wednesday = 2023-03-08
2023-03-03 | Residents must leave by Thursday. | Thursday = 2023-03-09
2023-03-03 | The curfew will stay in force until Monday. | Monday = 2023-03-06
2023-03-03 | He said on Tuesday that schools would reopen on Monday. | Tuesday = 2023-02-28; Monday = 2023-03-06
2023-03-03 | Talks that broke down on Wednesday are due to resume on Saturday. | Wednesday = 2023-03-01; Saturday = 2023-03-04
2023-03-03 | The two leaders plan to speak by telephone on Sunday. | Sunday = 2023-03-05
2023-03-03 | The exhibition opens on Tuesday. | Tuesday = 2023-03-07
2023-03-03 | Ministers are going to vote on the plan on Thursday. | Thursday = 2023-03-09
2023-03-03 | This coming Sunday marks the end of the season. | This coming Sunday = 2023-03-05
2023-03-03 | The strike won't end before Tuesday, organisers warned. | Tuesday = 2023-03-07
2023-03-03 | The results could be announced as early as Saturday. | Saturday = 2023-03-04
2023-03-03 | Two suspects may have crossed the border on Sunday. | Sunday = 2023-02-26
2023-03-03 | The suspect was due to appear in court on Monday. | Monday = ?
2023-03-03 | Miners will strike after talks on Sunday broke down. | Sunday = 2023-02-26
2023-03-03 | Although the minister will resign, on Monday he was at work. | Monday = 2023-02-27
# today and its neighbours
2023-03-03 | The bank raised its rate today. | today = 2023-03-03
2023-03-03 | Two more bodies were found yesterday. | yesterday = 2023-03-02
2023-03-03 | The storm will reach the coast tonight. | tonight = 2023-03-03
2023-03-03 | Heavy rain fell overnight in the valley. | overnight = 2023-03-02/2023-03-03
2023-03-03 | Thieves took it overnight on Tuesday, police said. | Tuesday = 2023-02-28
2023-03-03 | It burned in the night from Monday to Tuesday. | night from Monday to Tuesday = 2023-02-27/2023-02-28
2023-03-03 | They will load it in the night from Monday to Tuesday. | night from Monday to Tuesday = 2023-03-06/2023-03-07
2023-03-03 | Snow fell overnight into Tuesday. | Tuesday = 2023-02-28
2023-03-03 | Parliament will debate the bill tomorrow. | tomorrow = 2023-03-04
2023-03-03 | Yesterday evening the power failed across the city. | Yesterday evening = 2023-03-02
2023-03-03 | The train left tomorrow's host city this morning. | tomorrow = 2023-03-04; this morning = 2023-03-03
2023-03-03 | The alarm went off last night. | last night = 2023-03-02
2023-03-03 | She landed the day before yesterday. | day before yesterday = 2023-03-01
2023-03-03 | The strike starts the day after tomorrow. | day after tomorrow = 2023-03-05
- | The bank raised its rate today. | today = ?
- | Our reporter visited the camp yesterday. | yesterday = ?
# weeks, months, years
2023-03-03 | Prices rose last week. | last week = 2023-02-20/2023-02-26
2023-03-03 | The army entered the town earlier this week. | earlier this week = 2023-02-27/2023-03-03
2023-03-03 | A decision is expected next week. | next week = 2023-03-06/2023-03-12
2023-03-03 | Talks resume later this week. | later this week = 2023-03-03/2023-03-05
2023-03-03 | The trial opened this week. | this week = 2023-02-27/2023-03-05
2023-03-03 | The advance slowed at the end of last week. | end of last week = 2023-02-20/2023-02-26
2023-03-03 | Exports fell last month. | last month = 2023-02
2023-03-03 | The budget will be presented next month. | next month = 2023-04
2023-03-03 | Three journalists have been jailed this month. | this month = 2023-03
2023-03-03 | The museum closed earlier this month. | earlier this month = 2023-03-01/2023-03-03
2023-03-03 | He was elected last year. | last year = 2022
2023-03-03 | The law takes effect next year. | next year = 2024
2023-03-03 | Inflation has slowed this year. | this year = 2023
2023-03-03 | The drug was approved late last year. | late last year = 2022
2023-03-03 | Work began early this year. | early this year = 2023
2023-03-03 | She resigned earlier this year. | earlier this year = 2023-01-01/2023-03-03
2023-03-03 | Last year's harvest was the worst on record. | Last year = 2022
2023-03-03 | Three climbers died last weekend. | last weekend = 2023-02-25/2023-02-26
2023-03-03 | Thousands marched over the weekend. | weekend = 2023-02-25/2023-02-26
2023-03-03 | The team will play away this weekend. | this weekend = 2023-03-04/2023-03-05
2023-03-03 | Next weekend the bridge will be shut. | Next weekend = 2023-03-11/2023-03-12
2023-01-10 | The factory shut last month. | last month = 2022-12
2021-12-30 | The bridge will reopen next month. | next month = 2022-01
2021-12-30 | The rules change next week. | next week = 2022-01-03/2022-01-09
2023-03-03 | The contract runs out at the end of the year. | end of the year = 2023
2023-03-03 | All troops will have left by the end of the month. | end of the month = 2023-03
- | Government forces entered the city last week. | last week = ?
- | The party lost power last year. | last year = ?
# ago
2023-03-03 | The plane vanished three days ago. | three days ago = 2023-02-28
2023-03-03 | The first case was found 10 days ago. | 10 days ago = 2023-02-21
2023-03-03 | The ceasefire collapsed two weeks ago. | two weeks ago = 2023-02-13/2023-02-19
2023-03-03 | The couple married a fortnight ago. | a fortnight ago = 2023-02-13/2023-02-19
2023-03-03 | The well ran dry two months ago. | two months ago = 2023-01
2023-03-03 | A month ago the shop was full. | A month ago = 2023-02
2023-03-03 | The mine was closed five years ago. | five years ago = 2018
2023-03-03 | A year ago nobody knew her name. | A year ago = 2022
2023-03-03 | The village was founded about 300 years ago. | about 300 years ago = ?
2016-06-12 | Established in Tripoli more than two months ago, the government has been struggling. | more than two months ago = ?
2023-03-03 | The chief executive left less than a week ago. | less than a week ago = 2023-02-24/2023-03-03
2023-03-03 | A few days ago the river burst its banks. | A few days ago = ?
2023-03-03 | The attack came a week ago on Monday. | a week ago on Monday = 2023-02-20
2023-03-03 | Several months ago the firm cut its forecast. | Several months ago = ?
2023-03-03 | The factory opened two decades ago. | two decades ago = ?
2023-05-31 | The shop shut three months ago. | three months ago = 2023-02
- | The unit was formed two years ago. | two years ago = ?
# running spans
2023-03-03 | Over the last 10 days, the militias have been supported by air strikes. | last 10 days = 2023-02-21/2023-03-03
2023-03-03 | In the past week, 40 people have died. | past week = 2023-02-24/2023-03-03
2023-03-03 | The virus infected 200 people in the past 24 hours. | past 24 hours = 2023-03-02/2023-03-03
2023-03-03 | Sales doubled over the past three months. | past three months = 2022-12-01/2023-03-03
2023-03-03 | Snow is forecast over the next two days. | next two days = 2023-03-03/2023-03-05
2023-03-03 | In recent weeks, they have launched an offensive. | recent weeks = ?
2023-03-03 | More rain is likely in the coming days. | coming days = ?
- | Over the last 10 days, the militias have been supported by air strikes. | last 10 days = ?
# months and dates without a year
2016-08-11 | The forces entered Sirte in June. | June = 2016-06
2023-03-03 | The forces entered the city in June. | June = 2022-06
2023-03-03 | The school burned down in March. | March = 2023-03
2023-03-03 | The tournament will start in June. | June = 2023-06
2023-03-03 | The hospital is due to open in January. | January = 2024-01
2016-08-11 | US drones have carried out 36 strikes over Sirte since August 1. | August 1 = 2016-08-01
- | US drones have carried out 36 strikes over Sirte since August 1. | August 1 = ?
2016-06-12 | Many welcomed the installation in the capital on March 30. | March 30 = 2016-03-30
2016-06-12 | Loyalist forces have battled since mid-May to oust the group. | mid-May = 2016-05
2016-06-12 | The group was repelled south of the city in early May before pushing eastward. | early May = 2016-05
2023-03-03 | The tribunal sat in late November. | late November = 2022-11
2023-03-03 | He was shot on 24 December. | 24 December = 2022-12-24
2023-03-03 | The offer ends on March 31. | March 31 = 2023-03-31
2023-03-03 | The border closed on Feb. 24. | Feb. 24 = 2023-02-24
2023-03-03 | Hearings will be held on 14 and 15 March. | 15 March = 2023-03-15
2023-03-03 | The festival took place on June 3-5. | June 3-5 = 2022-06-03/2022-06-05
2023-03-03 | The lorry was found on the 14th, officers said. | 14th = 2023-02-14
2023-03-03 | The next payment will be made on the 14th. | 14th = 2023-03-14
2023-03-03 | On Tuesday, February 21, the parliament dissolved itself. | Tuesday, February 21 = 2023-02-21
2023-03-03 | The castle was sold in June last year. | June last year = 2022-06
2023-03-03 | In May this year the lease runs out. | May this year = 2023-05
2023-03-03 | Last June the glacier collapsed. | Last June = 2022-06
2023-03-03 | Next June he will be 80. | Next June = 2023-06
2023-03-03 | Between June and August, tourists filled the town. | June = 2022-06; August = 2022-08
2023-03-03 | By the end of May the lake was dry. | end of May = 2022-05
2023-03-03 | The bakery closed on Friday, February 24. | Friday, February 24 = 2023-02-24
2024-03-04 | He was born on February 29. | February 29 = 2024-02-29
2023-03-03 | The leap-day party took place on February 29. | February 29 = 2020-02-29
- | The bridge collapsed in early May. | early May = ?
# complete by themselves
- | The treaty was signed on 3 May 2016. | 3 May 2016 = 2016-05-03
- | Gaddafi was ousted and killed in October 2011. | October 2011 = 2011-10
- | Jihadist groups took root in late 2014. | late 2014 = 2014
- | The regime fell in 2011. | 2011 = 2011
- | The estate was built in the 1990s. | 1990s = 1990-01-01/1999-12-31
- | The church dates from the mid-18th century. | mid-18th century = 1701-01-01/1800-12-31
- | On Tuesday, 28 February 2023, the trains collided. | Tuesday, 28 February 2023 = 2023-02-28
- | The company was founded in the early 1980s. | early 1980s = 1980-01-01/1989-12-31
- | The law of August 1, 2004 was repealed. | August 1, 2004 = 2004-08-01
- | The tower was finished in mid-2015. | mid-2015 = 2015
- | The pact was drawn up in the summer of 1939. | summer of 1939 = ?
# seasons
2023-03-03 | The orchard was replanted last spring. | last spring = ?
2023-03-03 | Elections will be held next autumn. | next autumn = ?
# relative to another time
2023-03-03 | Two days later the pilot was found. | Two days later = ?
2023-03-03 | The following morning the fleet sailed. | following morning = ?
2023-03-03 | He was arrested on Monday and charged two days later. | Monday = 2023-02-27; two days later = 2023-03-01
2023-03-03 | The vote on Tuesday was annulled the next day. | Tuesday = 2023-02-28; next day = 2023-03-01
2023-03-03 | She won the title in 2016 and lost it a year later. | 2016 = 2016; a year later = 2017
2023-03-03 | The debate, planned for Sunday, has been moved to Tuesday. | Sunday = 2023-03-05; Tuesday = 2023-03-07
2023-03-03 | She moved to Larn on Tuesday. | Tuesday = 2023-02-28
2023-03-03 | The match was moved to Tuesday because of rain, and Larn won. | Tuesday = 2023-02-28
2023-03-03 | The law was passed in May 2016; the same year the king died. | May 2016 = 2016-05; same year = 2016
2023-03-03 | It burned in the night from Monday to Wednesday. | Monday = 2023-02-27; Wednesday = 2023-03-01
2023-03-03 | Rain fell overnight on holiday beaches. | overnight = 2023-03-02/2023-03-03
2023-03-03 | It fell to 6.8% in December from 7.4% a year earlier. | December = 2022-12; a year earlier = 2021-12
2023-03-03 | Profits were 8% higher than a year earlier. | a year earlier = ?
- | The king died on 6 February 1952 and the queen was proclaimed the same day. | 6 February 1952 = 1952-02-06; same day = 1952-02-06
2023-03-03 | They had quarrelled the day before. | day before = ?
2023-03-03 | The plant opened in May and shut two days later. | May = 2022-05; two days later = ?
# quoted speech
2023-03-03 | “Our forces today managed to achieve a significant advance”, he said. | today = ?
2023-03-03 | “We lost everything yesterday,” she said Tuesday. | yesterday = 2023-02-27; Tuesday = 2023-02-28
2023-03-03 | "We will vote on Friday," the speaker said on Monday. | Friday = 2023-03-03; Monday = 2023-02-27
2023-03-03 | 'It happened last week,' said the farmer. | last week = ?
2023-03-03 | On Wednesday the minister said: “Today is a dark day.” | Wednesday = 2023-03-01; Today = 2023-03-01
2023-03-03 | “We attacked today,” said the commander, who was captured on Monday. | today = ?; Monday = 2023-02-27
2023-03-03 | The mayor, who was elected in 2019, said “we start tomorrow”. | 2019 = 2019; tomorrow = ?
2023-03-03 | “In 2011 we had nothing,” he said. | 2011 = 2011
2023-03-03 | The “ghost ship” was found yesterday. | yesterday = 2023-03-02
# false friends
2023-03-03 | The Sunday Times reported heavy losses. |
2023-03-03 | Mr. Sunday was elected in a landslide. |
2023-03-03 | It is always the last Monday of May. |
2023-03-03 | The committee sits on the first Tuesday of the month. |
2023-03-03 | The bomb killed 12 on Friday the 13th. |
2023-03-03 | In May, Theresa May resigned. | May = 2022-05
2023-03-03 | May 1 is a holiday. | May 1 = ?
2023-03-03 | Will Smith said in June that he had left. | June = 2022-06
2023-03-03 | Shops expect a record Black Friday. |
2023-03-03 | The ferry to Friday Harbour was cancelled. |
2023-03-03 | Theresa May may march with the crowd. |
2023-03-03 | Protesters march past the palace. |
2023-03-03 | The treatment failed in 2000 cases. |
2023-03-03 | The second suspect fled into the sun. |
2023-03-03 | A mid-size car costs 2016 dollars. |
2023-03-03 | April Jones and June Brown were unhurt. |
2023-03-03 | The plan was criticised by May. |
2023-03-03 | Confidence in May has collapsed. |
2023-03-03 | The flat is on the 14th floor. |
2023-03-03 | Services are held on Sundays. |
2023-03-03 | The market is open every Saturday. |
2023-03-03 | It was the last week of filming. |
2023-03-03 | The last king died in exile. |
2023-03-03 | An August presence, the judge spoke softly. |
2023-03-03 | The firm employs 1,950 people at 2020 sites. |
2023-03-03 | They waited for two days in the cold. |
2023-03-03 | The September 11 attacks changed the city. |
2023-03-03 | Marchers carried 1984 by George Orwell. |
2023-03-03 | He leads the March for Life and the May Day rally. |
# what newspapers print, of all kinds
2023-03-03 | Nurses walked out on Monday for the first time since 1974. | Monday = 2023-02-27; 1974 = 1974
2023-03-03 | More than 200 people have drowned since the beginning of the year. | beginning of the year = 2023
2023-03-03 | Shares in the lender plunged 20% on Thursday before recovering slightly on Friday. | Thursday = 2023-03-02; Friday = 2023-03-03
2023-03-03 | The two sides will hold a second round of talks in Geneva next Monday. | next Monday = 2023-03-06
2023-03-03 | Officials said Thursday that at least 16 people were still missing. | Thursday = 2023-03-02
2023-03-03 | A funeral for the victims is planned for Sunday. | Sunday = 2023-03-05
2023-03-03 | The hearing was adjourned until Tuesday. | Tuesday = 2023-03-07
2023-03-03 | The state of emergency was extended until 30 June. | 30 June = 2023-06-30
2023-03-03 | The party lost its majority in last month's election. | last month = 2023-02
2023-03-03 | Troops have been massing on the border since late last year. | late last year = 2022
2023-03-03 | The ship, built in 1912, sank a few hours later. | 1912 = 1912; a few hours later = ?
2023-03-03 | The 27-year-old was last seen on Saturday evening outside the Friday market. | Saturday evening = 2023-02-25; Friday = 2023-03-03
2023-03-03 | He had been due to fly home this Friday. | this Friday = ?
2023-03-03 | The government says it will publish the figures by the end of March. | end of March = 2023-03
2023-03-03 | The parliament voted late on Wednesday to lift the ban. | late on Wednesday = 2023-03-01
2023-03-03 | Negotiators worked through the night from Tuesday to Wednesday. | night from Tuesday to Wednesday = 2023-02-28/2023-03-01
2023-03-03 | Ms May, who quit in 2019, spoke in March 2021. | 2019 = 2019; March 2021 = 2021-03
2023-03-03 | Unemployment stood at 5.1% in January, compared with 4.9% in December. | January = 2023-01; December = 2022-12
2023-03-03 | The drug could be on sale by the summer of 2024. | summer of 2024 = ?
2023-03-03 | A two-day summit starts in Vienna on Thursday. | Thursday = 2023-03-09
2023-03-03 | It took effect at midnight on Sunday. | Sunday = 2023-02-26
2023-03-03 | Rescuers reached the village only yesterday morning. | yesterday morning = 2023-03-02
2023-03-03 | In the three years to 2019, output halved. | 2019 = 2019
2023-03-03 | Since then, more than 2,000 homes have been rebuilt. |
2023-03-03 | Four in 10 pupils missed school in the last academic year. |
2023-03-03 | The 2016 referendum split the country. |
2023-03-03 | The eruption of 1783 killed a quarter of the islanders. | 1783 = 1783
2023-03-03 | The company was fined 2000 euros in May 2021. | May 2021 = 2021-05
2023-03-03 | He lived to be 90 and died on Christmas Day 1977. |
2023-03-03 | His last week in office began with a strike. |
2023-03-03 | “I will resign on Friday,” the minister told the paper on Tuesday. | Friday = 2023-03-03; Tuesday = 2023-02-28
2023-03-03 | “We have never seen rain like last night's,” said Ana Costa, 41. | last night = ?
2023-03-03 | "This week we buried nine children," the priest said. "Next week we will bury more." | This week = ?; Next week = ?
2023-03-03 | The report, published on Wednesday, said “today’s farmers” were poorer. | Wednesday = 2023-03-01
2023-03-03 | In a statement on Tuesday, the firm said “production will restart tomorrow”. | Tuesday = 2023-02-28; tomorrow = 2023-03-01
2023-03-03 | Wednesday's talks in Cairo ended without agreement. | Wednesday = 2023-03-01
2023-03-03 | Sunday's final will be shown on big screens. | Sunday = 2023-03-05
2023-03-03 | Ahead of Saturday's march, police closed the square. | Saturday = 2023-03-04
2023-03-03 | The storm is expected to make landfall late Sunday or early Monday. | late Sunday = 2023-03-05; early Monday = 2023-03-06
2023-03-03 | The killings came days after the December 12 raid. | December 12 = 2022-12-12
2023-03-03 | He was released on bail two weeks later. | two weeks later = ?
2023-03-03 | The first ship left on July 4, and a second one sailed three days later. | July 4 = 2022-07-04; three days later = 2022-07-07
2023-03-03 | The fighting of the past fortnight has killed 300. | past fortnight = 2023-02-17/2023-03-03
2023-03-03 | Over the past year, rents have risen by a tenth. | past year = 2022-03-01/2023-03-03
2023-03-03 | In the first two months of this year, 40,000 people crossed. | this year = 2023
2023-03-03 | In the next five years the city will build 3,000 flats. | next five years = 2023-03-03/2028-03-31
2023-03-03 | Ten years ago this week, the factory collapsed. | Ten years ago = 2013
2023-03-03 | Half a century ago the valley was flooded. |
2023-03-03 | The trial, now in its second week, resumes on Monday. | Monday = 2023-03-06
2023-03-03 | The airline has cancelled all flights until Wednesday. | Wednesday = 2023-03-08
2023-03-03 | The rebels held the town from October until last week. | October = 2022-10; last week = 2023-02-20/2023-02-26
2023-03-03 | The bodies were recovered on Sunday and Monday. | Sunday = 2023-02-26; Monday = 2023-02-27
2023-03-03 | It is the third such attack this year and the fifth in 12 months. | this year = 2023
2023-03-03 | The new rules come into force on 1 April. | 1 April = 2023-04-01
2023-03-03 | Clocks go forward on March 26. | March 26 = 2023-03-26
2023-03-03 | The vote is on Sunday. | Sunday = 2023-03-05
2023-03-03 | Mr Diaz, arrested in early February, denies the charges. | early February = 2023-02
2023-03-03 | The mid-19th-century mill burned down on the night of Feb. 11. | mid-19th-century = 1801-01-01/1900-12-31; Feb. 11 = 2023-02-11
2023-03-03 | The band last played here in the late 1990s. | late 1990s = 1990-01-01/1999-12-31
2023-03-03 | Only last month he had promised to stay. | last month = 2023-02
2023-03-03 | The army said it had killed 40 fighters between Monday and Wednesday. | Monday = 2023-02-27; Wednesday = 2023-03-01
2023-03-03 | Hospitals are likely to be full by early next week. | early next week = 2023-03-06/2023-03-12
2023-03-03 | They would have celebrated their wedding on Saturday. | Saturday = ?
2023-03-03 | The deal, which expires on 31 March 2024, was signed on Thursday. | 31 March 2024 = 2024-03-31; Thursday = 2023-03-02
2023-03-03 | The museum reopens to the public tomorrow, after a two-year closure. | tomorrow = 2023-03-04
2023-03-03 | Three people died on Tuesday, 28th February. | Tuesday, 28th February = 2023-02-28
2023-03-03 | From 2011 to 2013 he ran the port; in 2014, he fled. | 2011 = 2011; 2013 = 2013; 2014 = 2014
2023-03-03 | Friday prayers were held under heavy guard. | Friday = 2023-03-03
2023-03-03 | The Saturday Night Live star was married in June. | June = 2022-06
2023-03-03 | Tuesday Weld appeared in the film. |
2023-03-03 | The US Open starts a week on Monday. | a week on Monday = 2023-03-13
2023-03-03 | The bill passed by 2016 votes to 1984. |
2023-03-03 | Ms June said she would march on. |
2023-03-03 | On 3/4/2016 the office closed. | 3/4/2016 = ?
2023-03-03 | The treaty of 31 February 2016 does not exist. | 31 February 2016 = ?
2023-03-03 | As recently as last autumn the lake was full. | last autumn = ?
- | On 5 May 2016 he vanished; two weeks later his car was found. | 5 May 2016 = 2016-05-05; two weeks later = 2016-05-16/2016-05-22
- | The minister said on 3 May 2016: “We will sign tomorrow.” | 3 May 2016 = 2016-05-03; tomorrow = 2016-05-04
- | A year ago there was nothing here. | A year ago = ?
- | The fire broke out on the 14th. | 14th = ?
# the same, read by hand after the program had learnt from those above
2021-11-10 | At least 30 passengers were rescued when a bus plunged into a ravine in the early hours of Tuesday. | Tuesday = 2021-11-09
2021-11-10 | The central bank, meeting for the last time this year, left rates unchanged on Wednesday. | this year = 2021; Wednesday = 2021-11-10
2021-11-10 | Police have been searching the woods since the girl vanished on Halloween night. |
2021-11-10 | It was the first public execution since 2001. | 2001 = 2001
2021-11-10 | The ruling, expected on Thursday, could delay the merger until next spring. | Thursday = 2021-11-11; next spring = ?
2021-11-10 | “Last year we sold nothing,” said Mr Okoye, whose stall reopened on Saturday. | Last year = ?; Saturday = 2021-11-06
2021-11-10 | Lawmakers return to Washington on Monday with just two weeks to avert a shutdown. | Monday = 2021-11-15
2021-11-10 | The lava reached the sea on Sept. 28, nine days after the eruption began. | Sept. 28 = 2021-09-28
2021-11-10 | Trading in the shares was halted for two hours on Friday afternoon. | Friday afternoon = 2021-11-05
2021-11-10 | The vaccine will be offered to over-60s from next Monday. | next Monday = 2021-11-15
2021-11-10 | The coup of 1 February 2021 ended a decade of reform. | 1 February 2021 = 2021-02-01
2021-11-10 | After last Saturday's defeat, the coach offered to resign. | last Saturday = 2021-11-06
2021-11-10 | On the eve of the vote, scheduled for November 14, both camps claimed the lead. | November 14 = 2021-11-14
2021-11-10 | By Tuesday evening, the water had receded. | Tuesday evening = 2021-11-09
2021-11-10 | The fund lost a third of its value between January and September. | January = 2021-01; September = 2021-09
2021-11-10 | He has been in prison since May, when a court jailed him for six years. | May = 2021-05
2021-11-10 | Theresa May's successor visited in May 2019. | May 2019 = 2019-05
2021-11-10 | The firm plans to float in London early next year. | early next year = 2022
2021-11-10 | Aid workers hope to reach the town in the next few days. | next few days = ?
2021-11-10 | Three weeks after the quake, families still sleep outside. |
2021-11-10 | The museum, which closed in March last year, will reopen on 1 December. | March last year = 2020-03; 1 December = 2021-12-01
2021-11-10 | In 1998, aged 20, she moved to Lagos; six years later she opened a shop. | 1998 = 1998; six years later = 2004
2021-11-10 | The minister, speaking on Monday, said a decision would be taken in January. | Monday = 2021-11-08; January = 2022-01
2021-11-10 | Sales in the three months to September rose 4%. | September = 2021-09
2021-11-10 | About 1,200 of the 2,000 seats were sold by Sunday. | Sunday = 2021-11-07
2021-11-10 | The Friday before last, a drone crashed near the airport. | Friday = ?
2021-11-10 | The rally was called off hours before it was to begin on Sunday. | Sunday = ?
2021-11-10 | The president, who took office in January 2017, is to step down in four days' time. | January 2017 = 2017-01
2021-11-10 | A second wave is feared this winter. | this winter = ?
2021-11-10 | “It will be finished by Friday,” the contractor told the council on 2 November. | Friday = 2021-11-05; 2 November = 2021-11-02
2021-11-10 | Turnout was 41 percent, down from 55 percent in 2016. | 2016 = 2016
2021-11-10 | Schools will remain closed through Friday. | Friday = 2021-11-12
2021-11-10 | Two ministers quit in as many days this week. | this week = 2021-11-08/2021-11-14
2021-11-10 | The bank said on Tuesday it had frozen the accounts in August. | Tuesday = 2021-11-09; August = 2021-08
2021-11-10 | Earlier on Wednesday, protesters had blocked the road. | Earlier on Wednesday = 2021-11-10
2021-11-10 | The 2022 budget, unveiled last Tuesday, foresees cuts. | last Tuesday = 2021-11-09
2021-11-10 | A strike on Nov 4 killed the group's deputy leader. | Nov 4 = 2021-11-04
2021-11-10 | The pair met at least twice in 2020 and again this summer. | 2020 = 2020; this summer = ?
2021-11-10 | More than 60% of the forest has been lost in the last 40 years. | last 40 years = 1981-11-01/2021-11-10
2021-11-10 | The club has won every Sunday since October. | October = 2021-10
2021-11-10 | She told the BBC on Sunday: "I was attacked two days ago." | Sunday = 2021-11-07; two days ago = 2021-11-05
2021-11-10 | Judges will hear the case this afternoon. | this afternoon = 2021-11-10
2021-11-10 | Nobody knew then what the next day would bring. | next day = ?
2021-11-10 | The contract was worth 2019 dollars a day until July. | July = 2021-07
2021-11-10 | Mr Monday Eze, 34, was among the dead. |
2021-11-10 | It closed on Wednesday, a day after the fire, and reopens on Saturday. | Wednesday = 2021-11-10; Saturday = 2021-11-13
2021-11-10 | Six months ago today the siege began. | Six months ago = 2021-05
2021-11-10 | Prices have doubled since this time last year. | last year = 2020
2021-11-10 | The accord takes its name from the April 10 Movement. |
2021-11-10 | The ship is due in port on Thursday or Friday. | Thursday = 2021-11-11; Friday = 2021-11-12
# and once more
2019-07-24 | Boris Johnson becomes prime minister today after Theresa May leaves Downing Street. | today = 2019-07-24
2019-07-24 | At least 55 inmates were killed on Monday when a riot broke out in a prison in Pará. | Monday = 2019-07-22
2019-07-24 | Temperatures could hit 40C in Paris tomorrow, forecasters say. | tomorrow = 2019-07-25
2019-07-24 | The former envoy, who resigned two weeks ago, declined to comment. | two weeks ago = 2019-07-08/2019-07-14
2019-07-24 | Testifying on Wednesday, Mr Mueller said his report did not clear the president. | Wednesday = 2019-07-24
2019-07-24 | The tanker Stena Impero was seized by Iran last Friday in the Strait of Hormuz. | last Friday = 2019-07-19
2019-07-24 | Growth will slow to 1.2% this year and 1.4% next year, the fund said on Tuesday. | this year = 2019; next year = 2020; Tuesday = 2019-07-23
2019-07-24 | Protests that began in early June have drawn as many as two million people. | early June = 2019-06
2019-07-24 | The Senate is expected to vote on the deal as early as next week. | next week = 2019-07-29/2019-08-04
2019-07-24 | Ebola has killed more than 1,700 people in eastern Congo since August. | August = 2018-08
2019-07-24 | Deaths fell by a fifth in the first half of 2019, the ministry said on July 18. | half of 2019 = 2019; July 18 = 2019-07-18
2019-07-24 | The airline said on Sunday it had suspended flights to Cairo for seven days. | Sunday = 2019-07-21
2019-07-24 | The monsoon, which usually ends in September, was late. | September = ?
2019-07-24 | “Tomorrow we go to court,” Ms Ito tweeted late on Monday. | Tomorrow = 2019-07-23; late on Monday = 2019-07-22
2019-07-24 | Half of the crew were freed on Thursday, and the rest are to be flown home on Saturday. | Thursday = 2019-07-18; Saturday = 2019-07-27
2019-07-24 | The club, founded in 1895, were relegated in the 2017-18 season. | 1895 = 1895
2019-07-24 | A year ago this month, the boys were rescued from the cave. | A year ago = 2018
2019-07-24 | The law, which took effect in January, bans plastic bags. | January = 2019-01
2019-07-24 | New elections must be held within 90 days. |
2019-07-24 | Scientists reported on Monday that June was the hottest on record. | Monday = 2019-07-22
2019-07-24 | A court in Hamburg will decide on Wednesday next week whether he can be extradited. | Wednesday next week = 2019-07-31
2019-07-24 | The bridge, closed since last August, carries 20,000 cars a day. | last August = 2018-08
2019-07-24 | Mr Hunt had said only on Saturday that he would not serve. | Saturday = 2019-07-20
2019-07-24 | Rebels shelled the airport on Friday, Saturday and Sunday. | Friday = 2019-07-19; Saturday = 2019-07-20; Sunday = 2019-07-21
2019-07-24 | More than 300 migrants have reached the island in the past 48 hours. | past 48 hours = 2019-07-22/2019-07-24
2019-07-24 | The price has fallen by half over the course of the last five years. | last five years = 2014-07-01/2019-07-24
2019-07-24 | Nine people drowned over the weekend, and two more on Tuesday. | weekend = 2019-07-20/2019-07-21; Tuesday = 2019-07-23
2019-07-24 | He was to have been sentenced on Thursday. | Thursday = ?
2019-07-24 | The factory will stay shut until at least the middle of August. | middle of August = 2019-08
2019-07-24 | Several hundred people marched in March; thousands may march in May. | March = 2019-03; May = 2020-05
2019-07-24 | The film opens in cinemas on 9 August. | 9 August = 2019-08-09
2019-07-24 | A spokeswoman said the parts, ordered in 2016, arrived late last month. | 2016 = 2016; late last month = 2019-06
2019-07-24 | The sun set on the second day without news. |
2019-07-24 | The May report put the number at 2000 tonnes. |
2019-07-24 | Sunday Oliseh, the former captain, spoke on Tuesday night. | Tuesday night = 2019-07-23
2019-07-24 | In a letter dated 12 July, the mayor asked for help. | 12 July = 2019-07-12
2019-07-24 | It was not clear on Wednesday whether the summit would go ahead. | Wednesday = 2019-07-24
2019-07-24 | Flooding has displaced 4 million people in the region this month alone. | this month = 2019-07
2019-07-24 | The trial was postponed from Monday to Thursday. | Monday = 2019-07-22; Thursday = 2019-07-25
2019-07-24 | A week earlier, on 17 July, the two men had met in Oslo. | A week earlier = ?; 17 July = 2019-07-17
2018-04-18 | Cuba's parliament gathered on Wednesday to choose a successor to Raúl Castro. | Wednesday = 2018-04-18
2018-04-18 | A woman was killed on Tuesday when an engine blew up on a Southwest jet. | Tuesday = 2018-04-17
2018-04-18 | The lower house will debate the bill on Thursday, two days later than planned. | Thursday = 2018-04-19
2018-04-18 | Inspectors had hoped to enter the town on Monday. | Monday = ?
2018-04-18 | Starbucks said it would close 8,000 shops on May 29 for training. | May 29 = 2018-05-29
2018-04-18 | Retail sales rose 0.6% in March after three months of falls. | March = 2018-03
2018-04-18 | Since the start of the month, 34 protesters have been shot along the fence. | start of the month = 2018-04
2018-04-18 | The two Koreas hold their first summit in more than a decade next Friday. | next Friday = 2018-04-20
2018-04-18 | He died last Sunday at his home in Leeds. | last Sunday = 2018-04-15
2018-04-18 | “I saw him on Friday,” his sister said, “and he was fine.” | Friday = ?
2018-04-18 | The network was down for much of yesterday. | yesterday = 2018-04-17
2018-04-18 | Tens of thousands rallied in Yerevan on Tuesday night and are to march again tonight. | Tuesday night = 2018-04-17; tonight = 2018-04-18
2018-04-18 | The airstrikes, carried out early on Saturday, hit three sites. | early on Saturday = 2018-04-14
2018-04-18 | Barbara Bush, first lady from 1989 to 1993, died on Tuesday aged 92. | 1989 = 1989; 1993 = 1993; Tuesday = 2018-04-17
2018-04-18 | The treaty expires in February 2021. | February 2021 = 2021-02
2018-04-18 | It is the sixth outage since late January. | late January = 2018-01
2018-04-18 | The trial of the former governor begins a week from Monday. | a week from Monday = 2018-04-30
2018-04-18 | In the last six months of 2017 the firm lost $40m. | 2017 = 2017
2018-04-18 | The ban was lifted 18 months ago. | 18 months ago = 2016-10
2018-04-18 | Ferries were back in service by Monday afternoon. | Monday afternoon = 2018-04-16
2018-04-18 | Voters in Paraguay choose a new president on Sunday. | Sunday = ?
2018-04-18 | The Washington Post reported on Tuesday that Mr Pompeo flew to Pyongyang over Easter. | Tuesday = 2018-04-17
2018-04-18 | Snow fell in parts of Scotland at the weekend. | weekend = 2018-04-14/2018-04-15
2018-04-18 | The mudslides of January 9 killed 21 people. | January 9 = 2018-01-09
2018-04-18 | Work on the tunnel, which was begun in the 1970s, should be finished this autumn. | 1970s = 1970-01-01/1979-12-31; this autumn = ?
2018-04-18 | A week after the attack, on April 14, allies struck back. | April 14 = 2018-04-14
2018-04-18 | The minister told MPs on Wednesday that he had only learned of the letters on Monday. | Wednesday = 2018-04-18; Monday = 2018-04-16
2018-04-18 | The ECB meets next week, and the Fed the week after. | next week = 2018-04-23/2018-04-29; week after = 2018-04-30/2018-05-06
2018-04-18 | Her novel, published last October, won the prize on Monday. | last October = 2017-10; Monday = 2018-04-16
2018-04-18 | Nearly 1,000 workers lose their jobs at the end of June. | end of June = ?
2014-10-08 | A Liberian man with Ebola died in a Dallas hospital on Wednesday. | Wednesday = 2014-10-08
2014-10-08 | Kurdish fighters hold most of Kobani, three weeks after the siege began. |
2014-10-08 | Brazilians choose between the two candidates in a runoff on October 26. | October 26 = ?
2014-10-08 | The strikes hit a refinery near Deir al-Zor overnight. | overnight = 2014-10-07/2014-10-08
2014-10-08 | Hong Kong's students will hold talks with officials on Friday. | Friday = 2014-10-10
2014-10-08 | Samsung's profit fell 60% in the third quarter, it said on Tuesday. | Tuesday = 2014-10-07
2014-10-08 | The nurse had cared for a priest who died on Sept. 25. | Sept. 25 = 2014-09-25
2014-10-08 | He swam the channel last summer and cut a minute off the record. | last summer = ?
2014-10-08 | The lava flow has advanced 120 metres since Monday. | Monday = 2014-10-06
2014-10-08 | Catalonia's vote, called for Nov. 9, has been suspended by the court. | Nov. 9 = 2014-11-09
2014-10-08 | Spain put 22 people in isolation this week. | this week = 2014-10-06/2014-10-12
2014-10-08 | The IMF cut its forecast on Tuesday for the third time this year. | Tuesday = 2014-10-07; this year = 2014
2014-10-08 | "I was told on Monday night," she said in an interview on Tuesday. | Monday night = 2014-10-06; Tuesday = 2014-10-07
2014-10-08 | A year after the wreck, which killed 366, boats still come. |
2014-10-08 | The typhoon, which battered Japan on Monday, weakened on Tuesday. | Monday = 2014-10-06; Tuesday = 2014-10-07
2014-10-08 | In 2012, and again two years later, the town was flooded. | 2012 = 2012; two years later = 2014
2014-10-08 | Oil has lost a fifth of its value since mid-June. | mid-June = 2014-06
2014-10-08 | The ceasefire of 5 September has all but collapsed. | 5 September = 2014-09-05
2014-10-08 | Witnesses put the number of dead on Sunday at nine. | Sunday = 2014-10-05
2014-10-08 | The verdict is due within days; the judge last sat on Sept. 12. | Sept. 12 = 2014-09-12
2014-10-08 | Polls open at 7am on Sunday. | Sunday = ?
2014-10-08 | Mr Rossi may stand again next May. | next May = 2015-05
2014-10-08 | About 40% of voters had cast their ballots by Monday. | Monday = 2014-10-06
2014-10-08 | Until the late 19th century the river froze every January. | late 19th century = 1801-01-01/1900-12-31
2014-10-08 | Two weeks ago on Saturday, 43 students went missing. | Two weeks ago = 2014-09-22/2014-09-28
"""  # noqa: E501
ROWS = [[part.strip() for part in row.split("|")] for row in SENTENCES.splitlines() if row and not row.startswith("#")]
FRIDAY = "2023-03-03"


@pytest.mark.parametrize(("published", "sentence", "expected"), ROWS, ids=[row[1] for row in ROWS])
def test_times_are_read_as_a_reader_reads_them(published: str, sentence: str, expected: str) -> None:
    wanted = [entry.split(" = ") for entry in expected.split("; ") if entry]
    found = read_times(sentence, None if published == "-" else published)
    assert [(one.words, one.first, one.last) for one in found] == [(words, *days_of(days)) for words, days in wanted]
    assert all(sentence[one.start : one.end] == one.words for one in found)


def meaning(sentence: str, published: str | None = FRIDAY) -> str:
    [one] = read_times(sentence, published)
    return one.meaning


def reason(sentence: str, published: str | None = FRIDAY, **details: object) -> str:
    [one] = read_times(sentence, published, **details)  # type: ignore[arg-type]
    return one.reason


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("He left on Tuesday.", "Tuesday, 28 February 2023"),
        ("Prices rose last week.", "the week of 20-26 February 2023"),
        ("The ceasefire collapsed two weeks ago.", "about the week of 13-19 February 2023"),
        ("Thousands marched over the weekend.", "the weekend of 25-26 February 2023"),
        ("It shut last month.", "February 2023"),
        ("It shut last year.", "2022"),
        ("It shut late last year.", "late 2022"),
        ("It shut in early May.", "early May 2022"),
        ("It shut in mid-May.", "mid-May 2022"),
        ("It will shut at the end of the month.", "the end of March 2023"),
        ("It shut two months ago.", "about January 2023"),
        ("It shut more than two months ago.", "January 2023 or earlier"),
        ("It shut a few days ago.", "a few days before Friday, 3 March 2023"),
        ("It shut two decades ago.", "about 2003"),
        ("It has grown in recent weeks.", "the weeks before Friday, 3 March 2023"),
        ("It has grown over the last 10 days.", "21 February - 3 March 2023"),
        ("It grew over the past three months.", "1 December 2022 - 3 March 2023"),
        ("It was built in the 1990s.", "1990 to 1999"),
        ("It was built in the mid-18th century.", "1701 to 1800"),
        ("It was built in the summer of 1939.", "summer 1939"),
    ],
)
def test_the_meaning_is_never_sharper_than_the_words(sentence: str, said: str) -> None:
    assert meaning(sentence) == said


def test_what_lies_on_either_side_of_the_articles_day_is_not_told() -> None:
    assert reason("He will speak on Friday.") == "it may be the article's own day or a week later"
    assert reason("He was due to speak on Monday.").startswith("the sentence does not tell whether")
    assert reason("He left last spring.") == "when a season is depends on where on earth"
    assert reason("He left two days later.") == "counted from another time, which the sentence does not give"
    assert reason("He left on February 30.") == "there is no such day"


def test_the_reason_names_the_day_that_was_counted_from() -> None:
    assert reason("He left on Tuesday.") == "counted from the article's date, Friday, 3 March 2023"
    line = reason("He left on Tuesday.", "2016-06-12", source="date line")
    assert line == "counted from the article's date line, Sunday, 12 June 2016"
    assert reason("“We won yesterday,” he said.") == ("said in a quotation, and the sentence does not say on which day")
    assert reason("He left on Tuesday.", None) == "the article has no date"
    assert reason("He left on Tuesday.", "2023-02") == "the article has no date"
    assert reason("He left on 3 May 2016.", None) == ""


def test_what_was_said_counts_from_the_day_it_was_said() -> None:
    today, _ = read_times("“Our forces advanced today,” he said Tuesday.", FRIDAY)
    assert (today.first, today.reason) == ("2023-02-28", "counted from the day it was said, Tuesday, 28 February 2023")
    assert reason("We will vote tomorrow.", quoted=True).startswith("said in a quotation")
    [inside] = read_times("We won today,” he said.", FRIDAY)
    assert inside.first == ""


def passage(text: str, published: str | None, source: str = "date line") -> Passage:
    article = Article("a", "T", text, ("a.txt",), published, source)
    return Passage(Chunk("c", "a", 0, len(text), ()), article, 1, 1, 1)


def citation(found: Passage, quote: str) -> Citation:
    start = found.article.text.index(quote)
    return Citation(1, "a", "T", found.article.date, "a.txt", start, start + len(quote), quote)


def test_a_quotation_may_begin_in_an_earlier_sentence() -> None:
    found = passage("He said: “We waited. We won today. We go home.” It rained today.", FRIDAY)
    [inside] = read_quotes([citation(found, "We won today.")], [found])
    [outside] = read_quotes([citation(found, "It rained today.")], [found])
    assert (inside.first, outside.first) == ("", FRIDAY)


def test_lines_may_break_within_a_time_and_within_a_quotation() -> None:
    found = passage("Title\n\nHe said: “We waited\nlong. We won last\nweek. We go.” It rained last\nweek.", FRIDAY)
    [inside] = read_quotes([citation(found, "We won last\nweek.")], [found])
    [outside] = read_quotes([citation(found, "It rained last\nweek.")], [found])
    assert (inside.words, inside.first) == ("last\nweek", "")
    assert (outside.words, outside.first) == ("last\nweek", "2023-02-20")


def test_a_date_line_older_than_what_the_text_reports_counts_for_nothing() -> None:
    later = passage("Troops left Wednesday.\n\nThe council met on 14 June 2016.", "2016-06-12")
    [one] = read_quotes([citation(later, "Troops left Wednesday.")], [later])
    assert (one.meaning, one.first) == ("", "")
    assert one.reason == "the article's date line (2016-06-12) is older than what it reports (2016-06-14)"


def test_the_day_of_a_correction_is_no_day_that_the_article_reports() -> None:
    told = "Troops left on Wednesday.\n\nCorrection, 14 June 2016: The article misspelled a name. It was mended."
    found = passage(told, "2016-06-12")
    [one] = read_quotes([citation(found, "Troops left on Wednesday.")], [found])
    assert one.first == "2016-06-08"


@pytest.mark.parametrize(
    "line", ["The council will meet on 14 June 2016.", "Next issue: 14 June 2016", "It met on 3 May 2016."]
)
def test_a_date_that_is_announced_or_past_proves_nothing(line: str) -> None:
    found = passage(f"Troops left Wednesday.\n\n{line}", "2016-06-12")
    [one] = read_quotes([citation(found, "Troops left Wednesday.")], [found])
    assert one.first == "2016-06-08"


def test_a_time_that_stands_twice_in_a_quote_is_read_once() -> None:
    found = passage("It rained on Tuesday and it snowed on Tuesday.", FRIDAY)
    assert len(read_quotes([citation(found, found.article.text)], [found])) == 1


WORDS = st.sampled_from(
    "on Tuesday last next week 31 30 February May 2016 the years ago later two a 14th since 10,000 of , . “ ” will was"
    " early mid- century 21st 1990s year month 9999 1100 Sunday earlier 99/99/2016".split()
)


@given(st.lists(WORDS, max_size=12).map(" ".join), st.dates().map(str) | st.none())
def test_no_words_and_no_day_break_it_and_days_are_in_order(sentence: str, published: str | None) -> None:
    for one in read_times(sentence, published):
        assert sentence[one.start : one.end] == one.words
        assert one.first <= one.last
        assert bool(one.first) == bool(one.last)
