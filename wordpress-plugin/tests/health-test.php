<?php
/**
 * What the owner learns, and when.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector\Tests;

use Gateway_Connector\Dashboard_Widget;
use Gateway_Connector\Email_Notice;
use Gateway_Connector\Gateway_Client;
use Gateway_Connector\Health;
use Gateway_Connector\Health_Notice;
use Gateway_Connector\Settings;
use Gateway_Connector\Statistics;

final class Health_Test extends Plugin_Test_Case {

	/**
	 * Emails written: to, subject, message.
	 *
	 * @var array[]
	 */
	private array $emails = array();

	private bool $mail_works = true;

	protected function setUp(): void {
		parent::setUp();
		$this->filter(
			'pre_wp_mail',
			function ( $unused, array $email ): bool {
				$this->emails[] = $email;
				return $this->mail_works;
			},
			2
		);
	}

	public function test_nothing_is_said_while_nothing_needs_a_person(): void {
		$this->spool_submission();
		$this->spool->deliver( $this->spool->claim( 1 )[0], 'sub_1' );
		$this->spool_submission();
		$this->spool->postpone( $this->spool->claim( 1 )[0], 'down' );

		self::assertSame( '', $this->notice() );
		self::assertSame( 'good', $this->site_health()['status'] );
	}

	public function test_what_holds_up_the_gateways_mails_is_said_in_words_of_an_owner(): void {
		$figures = new Statistics( $this->settings, new Gateway_Client( $this->settings ) );
		$problem = array(
			'connection' => 'mail',
			'code'       => 'sign_in_refused',
			'reason'     => 'The mail server refuses the password.',
			'since'      => gmdate( 'Y-m-d\TH:i:s\Z', time() - 2 * HOUR_IN_SECONDS ),
			'waiting'    => 7,
		);
		$this->gateway->then( 200, array( 'problems' => array( $problem, array( 'connection' => 'new', 'reason' => 'Other.' ) ) ) );
		$figures->read();

		$said = ( new Health( $this->settings, $this->records, array( $figures, 'reported' ) ) )->urgent()['gateway'];

		self::assertStringContainsString( 'cannot send emails (7 waiting, for 2 hours). The service it uses does not accept', $said );
		self::assertStringContainsString( 'Nothing is lost', $said );
		self::assertStringContainsString( 'For whoever runs the gateway: The mail server refuses the password.', $said );
		self::assertStringContainsString( 'For whoever runs the gateway: Other.', $said );
	}

	public function test_refused_submissions_need_a_person(): void {
		$this->reject_submission();

		self::assertStringContainsString( 'rejected 1 entry.', $this->notice() );
		self::assertStringContainsString( 'state=rejected', $this->notice() );
		self::assertSame( 'critical', $this->site_health()['status'] );
	}

	public function test_submissions_without_a_connection_need_a_person(): void {
		delete_option( Settings::KEY );
		self::assertSame( '', $this->notice() );
		$this->spool_submission();

		self::assertStringContainsString( 'not connected', $this->notice() );
	}

	public function test_a_day_of_waiting_needs_a_person(): void {
		$this->spool_submission();
		$this->spool->postpone( $this->spool->claim( 1 )[0], 'The <gateway> is down.' );

		$this->age( DAY_IN_SECONDS - 60 );
		self::assertSame( '', $this->notice() );
		$this->age( DAY_IN_SECONDS + 60 );
		self::assertMatchesRegularExpression( '~more than a day\..*is down\.~', $this->notice() );
	}

	public function test_what_waits_is_not_blamed_on_what_was_refused(): void {
		$this->reject_submission( 'There is no such field.' );
		$this->spool_submission();
		$this->age( 2 * DAY_IN_SECONDS );

		self::assertStringContainsString( 'more than a day', $this->notice() );
		self::assertStringNotContainsString( 'no such field', $this->notice() );
	}

	public function test_a_pause_has_only_its_own_notice_but_is_a_matter_of_site_health(): void {
		$this->settings->pause( 'The <key> is wrong.' );

		self::assertSame( '', $this->notice() );
		$result = $this->site_health();
		self::assertSame( 'critical', $result['status'] );
		self::assertStringContainsString( 'The &lt;key&gt; is wrong.', $result['description'] );
	}

	public function test_people_who_do_not_manage_the_site_are_not_bothered(): void {
		$this->reject_submission();
		wp_set_current_user( 0 );

		self::assertSame( '', $this->notice() );
	}

	public function test_events_that_do_not_run_and_many_rows_only_matter_to_site_health(): void {
		global $wpdb;
		foreach ( range( 1, 1001 ) as $number ) {
			$values[] = "('{$number}', 4, '{}', 'waiting', '2026-01-01', '2026-01-01')";
		}
		$wpdb->query(
			"INSERT INTO {$this->spool->table()} (submission_key, form_id, payload, state, due_at, created_at) VALUES "
				. implode( ', ', $values )
		);
		$this->age( 6 * MINUTE_IN_SECONDS );

		self::assertSame( '', $this->notice() );
		$result = $this->site_health();
		self::assertSame( 'recommended', $result['status'] );
		self::assertStringContainsString( 'scheduled events do not run', $result['description'] );
		self::assertStringContainsString( '1,001 entries are waiting', $result['description'] );
	}

	public function test_the_dashboard_says_how_it_goes(): void {
		$this->reject_submission( 'Number <1> was refused.' );
		$this->spool_submission();
		$this->spool->deliver( $this->spool->claim( 1 )[0], 'sub_1' );
		$this->spool_submission();
		$this->spool_submission();

		$text = preg_replace(
			'/<[^>]+>/',
			' ',
			self::output(
				array(
					new Dashboard_Widget( $this->records, new Statistics( $this->settings, new Gateway_Client( $this->settings ) ) ),
					'print',
				)
			)
		);

		self::assertMatchesRegularExpression(
			'/Waiting\s+2\s+Oldest waiting\s+1? ?second.* ago\s+Rejected\s+1\s+Last received by the gateway\s+1? ?second.* ago\s+'
				. 'Last problem\s+Number .*was refused\./',
			$text
		);
	}

	public function test_the_administrator_gets_one_email_per_incident(): void {
		$this->spool_submission();
		$this->age( DAY_IN_SECONDS - 60 );
		$this->deliver_in_vain();
		self::assertSame( array(), $this->emails );

		$this->age( DAY_IN_SECONDS + 60 );
		$this->deliver_in_vain();
		$this->age( 3 * DAY_IN_SECONDS );
		$this->deliver_in_vain();
		self::assertSame( array( 'admin@shop.example' ), array_column( $this->emails, 'to' ) );
		self::assertStringContainsString( 'more than a day', $this->emails[0]['message'] );
		self::assertStringContainsString( 'Waiting: 1. Rejected: 0.', $this->emails[0]['message'] );

		$this->settings->hold( 0 );
		$this->make_due();
		$this->gateway->then_items( 202 );
		$this->delivery()->run();
		self::assertSame( 'delivered', $this->row()->state );
		$this->spool_submission();
		$this->age( 2 * DAY_IN_SECONDS );
		$this->deliver_in_vain();
		self::assertCount( 2, $this->emails, 'a new incident' );
	}

	public function test_the_email_is_also_written_while_sending_is_paused(): void {
		$this->spool_submission();
		$this->age( 2 * DAY_IN_SECONDS );
		$this->settings->pause( 'The key is wrong.' );

		$this->delivery()->run();

		self::assertStringContainsString( 'The key is wrong.', $this->emails[0]['message'] );
	}

	public function test_rejected_rows_do_not_hide_a_later_incident(): void {
		$this->reject_submission();
		$this->age( 2 * DAY_IN_SECONDS );
		$this->delivery()->run();
		self::assertCount( 1, $this->emails );

		$this->spool_submission();
		$this->age( 2 * DAY_IN_SECONDS );
		$this->deliver_in_vain();
		self::assertCount( 2, $this->emails );
	}

	public function test_an_email_that_could_not_be_sent_is_tried_again_after_an_hour(): void {
		$this->reject_submission();
		$this->age( 2 * DAY_IN_SECONDS );
		$this->mail_works = false;
		$this->delivery()->run();
		$this->delivery()->run();
		self::assertCount( 1, $this->emails );

		update_option(
			Email_Notice::OPTION,
			array_map( static fn( int $time ) => $time - HOUR_IN_SECONDS, get_option( Email_Notice::OPTION ) )
		);
		$this->delivery()->run();
		self::assertCount( 2, $this->emails );
	}

	private function deliver_in_vain(): void {
		$this->settings->hold( 0 );
		$this->gateway->then( 503 );
		$this->delivery()->run();
	}

	private function health(): Health {
		return new Health( $this->settings, $this->records );
	}

	private function notice(): string {
		return self::output( array( new Health_Notice( $this->health() ), 'print' ) );
	}

	private function site_health(): array {
		return apply_filters( 'site_status_tests', array( 'direct' => array() ) )['direct']['gateway_connector_delivery']['test']();
	}
}
