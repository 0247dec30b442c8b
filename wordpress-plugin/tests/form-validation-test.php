<?php
/**
 * What a form refuses, and what it says afterwards.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector\Tests;

use Gateway_Connector\Email_Address;
use Gateway_Connector\Form_Settings;
use Gateway_Connector\Mailbox_Message;

final class Form_Validation_Test extends Plugin_Test_Case {

	private const TICKED = array( 'your-name' => 'Ann', 'newsletter-1' => '1' );

	/** Contact Form 7's own check of [email] is one thing; people also use [text] for addresses. */
	private const TEXT_FORM = '[text* your-name][text your-email][newsletter newsletter-1 "Yes, send me the newsletter."]';

	/** @dataProvider refused */
	public function test_a_tick_without_an_address_that_can_be_written_to_is_refused_at_the_field( string $address ): void {
		$form = $this->create_form( self::TEXT_FORM );

		$answer = $this->answer( $form, self::TICKED + array( 'your-email' => $address ) );

		self::assertSame( 'validation_failed', $answer['status'] );
		self::assertSame( array( 'your-email' ), array_column( $answer['invalid_fields'], 'field' ) );
		self::assertNotSame( '', $answer['invalid_fields'][0]['message'] );
		self::assertSame( array(), $this->rows() );
	}

	public function refused(): array {
		return array(
			'nothing'               => array( '' ),
			'a word'                => array( 'ann' ),
			'no domain'             => array( 'ann@localhost' ),
			'two addresses'         => array( 'ann@example.org, max@example.org' ),
			'a name around it'      => array( 'Ann <ann@example.org>' ),
			'a quoted part'         => array( '"ann"@example.org' ),
			'a space inside'        => array( 'ann lee@example.org' ),
			'letters mail cannot'   => array( 'änn@example.org' ),
			'too long a local part' => array( str_repeat( 'a', 65 ) . '@example.org' ),
			'too long in all'       => array( 'ann@' . str_repeat( str_repeat( 'a', 60 ) . '.', 5 ) . 'org' ),
			'dots alone'            => array( '..@example.org' ),
			'too long with dots'    => array( str_repeat( '.', 2 ) . str_repeat( 'a', 61 ) . '@example.org' ),
			'two dots in a domain'  => array( 'ann@example..org' ),
			'a line sent along'     => array( "ann@example.org\r\nBcc: eve@example.org" ),
			'a machine'             => array( 'ann@192.0.2.1' ),
			'broken punycode'       => array( 'ann@xn--zzzzzzzz-.example' ),
			'a broken domain'       => array( 'ann@-example.org' ),
		);
	}

	/** @dataProvider taken */
	public function test_an_address_that_exists_is_taken_and_arrives_as_it_was_typed( string $address ): void {
		foreach ( array( self::TEXT_FORM, self::FORM ) as $form ) {
			self::assertSame( 'mail_sent', $this->post( $this->create_form( $form ), self::TICKED + array( 'your-email' => $address ) ) );
		}

		self::assertSame(
			array( $address, $address ),
			array_map( static fn( $row ) => $row->submission['fields']['your-email'], $this->rows() )
		);
	}

	public function taken(): array {
		return array(
			'plain'                        => array( 'ann@example.org' ),
			'what browsers make of bücher' => array( 'user@xn--bcher-kva.example' ),
			'bücher as typed'              => array( 'user@bücher.example' ),
			'a domain in Greek'            => array( 'user@παράδειγμα.example' ),
			'dots as in Japan'             => array( 'try..this..0511@docomo.ne.jp' ),
			'a dot before the @'           => array( 'abc.@docomo.ne.jp' ),
			'a tag'                        => array( 'ann+shop@example.org' ),
			'an apostrophe'                => array( "o'neil@example.org" ),
			'capitals'                     => array( 'Ann@Example.ORG' ),
		);
	}

	/** The gateway reads the same file. What it would refuse must be refused while the visitor is there. */
	public function test_the_plugin_and_the_gateway_take_the_same_addresses(): void {
		$vectors = json_decode( (string) file_get_contents( __DIR__ . '/../../tests/contracts/vectors/addresses.json' ), true );

		self::assertGreaterThan( 40, count( $vectors ) );
		foreach ( $vectors as $one ) {
			self::assertSame( $one['form'] ?? null !== $one['key'], Email_Address::is_valid( $one['typed'] ), $one['typed'] );
		}
	}

	public function test_whoever_ticks_nothing_may_write_what_they_like(): void {
		self::assertSame(
			'mail_sent',
			$this->post( $this->create_form( self::TEXT_FORM ), array( 'your-name' => 'Ann', 'your-email' => 'by phone' ) )
		);
		self::assertFalse( $this->row()->submission['subscribe'][0]['consent']['given'] );
	}

	public function test_a_form_that_is_not_connected_refuses_nothing_and_takes_nothing_more(): void {
		$form = $this->create_form( self::FORM );
		$form->set_properties( array( 'gateway_connector' => array( 'enabled' => false ) ) );
		$form->save();

		self::assertSame( 'validation_failed', $this->post( $form, self::TICKED + array( 'your-email' => 'user@bücher.example' ) ) );
		$form->set_properties( array( 'form' => self::TEXT_FORM ) );
		$form->save();
		self::assertSame( 'mail_sent', $this->post( $form, self::TICKED + array( 'your-email' => 'x' ) ) );
	}

	public function test_an_address_of_another_step_that_is_missing_is_said_at_the_box(): void {
		$form = $this->create_form( '[multistep m last_step][newsletter newsletter-1 "Yes."]' );

		$answer = $this->answer( $form, array( 'newsletter-1' => '1' ) );

		self::assertSame( array( 'newsletter-1' ), array_column( $answer['invalid_fields'], 'field' ) );
	}

	public function test_an_address_that_the_visitor_could_not_see_stops_nobody(): void {
		$form = $this->create_form( '[group a][email your-email][/group][newsletter newsletter-1 "Yes."]' );

		$status = $this->post(
			$form,
			array( 'newsletter-1' => '1', '_wpcf7cf_hidden_group_fields' => '["your-email"]', '_wpcf7cf_hidden_groups' => '["a"]' )
		);

		self::assertSame( 'mail_sent', $status );
	}

	public function test_the_sites_own_code_has_the_last_word_on_addresses(): void {
		$this->filter(
			'gateway_connector_accepts_email',
			static fn( $valid, $typed ) => $valid && false === strpos( $typed, '@throwaway.example' ),
			2
		);

		self::assertSame(
			'validation_failed',
			$this->post( $this->create_form(), self::TICKED + array( 'your-email' => 'a@throwaway.example' ) )
		);
	}

	/** @dataProvider pages */
	public function test_whoever_ticked_a_box_is_told_of_the_mailbox_in_the_language_of_the_page( string $locale, string $words ): void {
		$form = $this->create_form();
		$this->filter( 'locale', static fn() => $locale );
		$seal = $this->seal( $form );

		$answer = $this->answer( $form, self::TICKED + array( 'your-email' => 'ann@example.org' ), $seal );

		self::assertSame( trim( $form->message( 'mail_sent_ok' ) . ' ' . $words ), $answer['message'] );
	}

	public function pages(): array {
		return array(
			'English'         => array( 'en_US', Mailbox_Message::ours( 'en' ) ),
			'French'          => array( 'fr_FR', Mailbox_Message::ours( 'fr' ) ),
			'German'          => array( 'de_AT', Mailbox_Message::ours( 'de' ) ),
			'Spanish'         => array( 'es_ES', Mailbox_Message::ours( 'es' ) ),
			'Italian'         => array( 'it_IT', Mailbox_Message::ours( 'it' ) ),
			'one we have not' => array( 'pt_PT', Mailbox_Message::ours( 'en' ) ),
		);
	}

	public function test_without_a_tick_the_form_says_what_it_always_said(): void {
		$form = $this->create_form();

		$answer = $this->answer( $form, array( 'your-name' => 'Ann', 'your-email' => 'ann@example.org' ) );

		self::assertSame( $form->message( 'mail_sent_ok' ), $answer['message'] );
	}

	public function test_the_sentence_is_the_owners_and_can_be_switched_off(): void {
		$form     = $this->create_form();
		$settings = Form_Settings::from_input(
			array(
				'enabled'       => '1',
				'says_mailbox'  => '1',
				'mailbox_texts' => array( 'en' => 'Open your <b>mail</b>, please.', 'xx' => 'No.', 'fr' => Mailbox_Message::ours( 'fr' ) ),
			)
		);
		self::assertSame( array( 'en' => 'Open your mail, please.' ), $settings->mailbox_texts );
		$settings->subscriptions = Form_Settings::of( $form )->subscriptions;
		$settings->put_into( $form );
		$form->save();
		self::assertStringEndsWith(
			' Open your mail, please.',
			$this->answer( $form, self::TICKED + array( 'your-email' => 'a@example.org' ) )['message']
		);

		$settings->says_mailbox = false;
		$settings->put_into( $form );
		$form->save();
		self::assertSame(
			$form->message( 'mail_sent_ok' ),
			$this->answer( $form, self::TICKED + array( 'your-email' => 'a@example.org' ) )['message']
		);
	}

	public function test_the_sites_own_code_may_change_the_sentence(): void {
		$this->filter( 'gateway_connector_mailbox_message', static fn( $text, $form, $locale ) => "Mail! ({$locale})", 3 );

		$answer = $this->answer( $this->create_form(), self::TICKED + array( 'your-email' => 'ann@example.org' ) );

		self::assertStringEndsWith( ' Mail! (en_US)', $answer['message'] );
	}

	public function test_when_the_sites_own_mail_fails_people_still_hear_of_the_mail_that_comes(): void {
		$this->filter( 'pre_wp_mail', '__return_false', 1, 99 );

		$answer = $this->answer( $this->create_form(), self::TICKED + array( 'your-email' => 'ann@example.org' ) );

		self::assertSame( 'mail_failed', $answer['status'] );
		self::assertStringEndsWith( Mailbox_Message::ours( 'en' ), $answer['message'] );
	}

	public function test_nobody_is_thanked_for_what_could_be_kept_nowhere(): void {
		$form = $this->create_form();
		$this->refuse_storage();

		$answer = array();
		$this->log_of(
			function () use ( $form, &$answer ): void {
				$answer = $this->answer( $form, self::TICKED + array( 'your-email' => 'ann@example.org' ) );
			}
		);

		self::assertSame( 'Your subscription could not be stored. Please try again later.', $answer['message'] );
	}
}
