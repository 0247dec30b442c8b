<?php
/**
 * What developers can do with submissions.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector\Tests;

use WPCF7_ContactForm;

final class Intake_Test extends Plugin_Test_Case {

	private const FIELDS = array( 'your-name' => 'Ann', 'your-email' => 'ann@example.org' );

	public function test_the_filter_changes_what_the_gateway_gets(): void {
		$form = $this->create_form();
		$this->filter(
			'gateway_connector_filter_submission',
			static function ( array $submission, ?WPCF7_ContactForm $from ) use ( $form ): array {
				self::assertSame( $form->id(), $from->id() );
				$submission['fields']['your-name'] = 'Ann of the filter';
				return $submission;
			},
			2
		);

		self::assertSame( 'mail_sent', $this->post( $form, self::FIELDS ) );

		self::assertSame( 'Ann of the filter', $this->row()->submission['fields']['your-name'] );
	}

	public function test_the_filter_can_refuse_without_the_visitor_noticing(): void {
		$log = ini_set( 'error_log', '/dev/null' );
		$this->filter( 'gateway_connector_filter_submission', '__return_false' );

		self::assertSame( 'mail_sent', $this->post( $this->create_form(), self::FIELDS ) );

		ini_set( 'error_log', (string) $log );
		self::assertSame( array(), $this->rows() );
	}

	public function test_code_hands_in_a_submission_and_needs_to_say_only_the_fields(): void {
		self::assertTrue( gateway_connector_submit( array( 'fields' => array( 'email' => 'ann@example.org' ) ) ) );

		$row = $this->row();
		self::assertSame( array( 'waiting', '0' ), array( $row->state, (string) $row->form_id ) );
		self::assertSame( $row->submission_key, $row->submission['key'] );
		self::assertSame( array( 'email' => 'ann@example.org' ), $row->submission['fields'] );
		self::assertSame( 'code', $row->submission['form']['id'] );
		self::assertLessThan( 5, abs( time() - strtotime( $row->submission['submittedAt'] ) ) );
	}

	public function test_code_can_say_everything_but_the_key(): void {
		gateway_connector_submit(
			array(
				'key'       => 'mine',
				'form'      => array( 'id' => 'checkout', 'title' => 'Checkout' ),
				'fields'    => array(),
				'subscribe' => array(
					array( 'list' => 'lst_1', 'email' => 'email', 'consent' => array( 'given' => true, 'text' => 'Yes.' ) ),
				),
			)
		);

		$row = $this->row();
		self::assertSame( $row->submission_key, $row->submission['key'] );
		self::assertSame(
			array( 'checkout', 'Checkout', home_url( '/' ) ),
			array( $row->submission['form']['id'], $row->submission['form']['title'], $row->submission['form']['url'] )
		);
		self::assertStringContainsString( '"fields":{}', $row->payload );
		self::assertStringContainsString( '"properties":{}', $row->payload );
	}

	public function test_the_action_hands_a_submission_in(): void {
		do_action(
			'gateway_connector_submission',
			array( 'form' => array( 'id' => 'checkout' ), 'fields' => array( 'email' => 'ann@example.org' ) )
		);

		$row = $this->row();
		self::assertSame( array( 'waiting', 'checkout' ), array( $row->state, $row->submission['form']['id'] ) );
		self::assertSame( array( 'email' => 'ann@example.org' ), $row->submission['fields'] );
	}

	public function test_an_action_that_cannot_be_stored_goes_to_the_log_without_naming_anybody(): void {
		$this->refuse_storage();

		$said = $this->log_of(
			static fn() => do_action( 'gateway_connector_submission', array( 'fields' => array( 'email' => 'ann@example.org' ) ) )
		);

		self::assertStringContainsString( 'gateway_connector_submission could not be stored', $said );
		self::assertStringNotContainsString( 'ann@example.org', $said );
	}

	public function test_the_action_given_something_else_tells_the_developer_and_stores_nothing(): void {
		$hooks = array();
		$this->filter(
			'doing_it_wrong_run',
			static function ( string $hook ) use ( &$hooks ): void {
				$hooks[] = $hook;
			}
		);
		$this->filter( 'doing_it_wrong_trigger_error', '__return_false' );

		do_action( 'gateway_connector_submission', 'ann@example.org' );

		self::assertSame( array( 'gateway_connector_submission' ), $hooks );
		self::assertSame( array(), $this->rows() );
	}

	public function test_the_filter_also_sees_what_code_hands_in(): void {
		$this->filter( 'gateway_connector_filter_submission', static fn( $submission, $form ) => null === $form ? false : $submission, 2 );

		self::assertTrue( gateway_connector_submit( array( 'fields' => array() ) ) );

		self::assertSame( array(), $this->rows() );
	}
}
