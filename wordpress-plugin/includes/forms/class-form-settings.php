<?php
/**
 * The settings of one form.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

use WPCF7_ContactForm;

/**
 * Whether a form's submissions go to the gateway, and what they subscribe people to. A form of Contact Form 7 keeps them as a property,
 * so that they are copied and deleted with it.
 */
final class Form_Settings {

	public const PROPERTY = 'gateway_connector';

	/**
	 * The gateway's limit.
	 */
	public const MAX_LISTS = 20;

	private const MAX_SENTENCE = 500;

	public bool $enabled;

	/**
	 * The lists this form subscribes to.
	 *
	 * @var Subscription[]
	 */
	public array $subscriptions;

	/**
	 * Whether submissions are only sent: no consent is needed, and nobody is subscribed.
	 */
	public bool $transactional;

	/**
	 * The language of mails and pages, such as fr; empty for the form's own.
	 */
	public string $language;

	/**
	 * Whether the form tells those who ticked a box to look into their mailbox.
	 */
	public bool $says_mailbox = true;

	/**
	 * The owner's sentences for that, by language such as fr; ours where there is none.
	 *
	 * @var array<string,string>
	 */
	public array $mailbox_texts = array();

	/**
	 * The settings.
	 *
	 * @param bool           $enabled       Whether submissions go to the gateway.
	 * @param Subscription[] $subscriptions The lists.
	 * @param bool           $transactional Whether nobody is subscribed.
	 * @param string         $language      The language of mails and pages; empty for the form's own.
	 */
	public function __construct( bool $enabled, array $subscriptions, bool $transactional = false, string $language = '' ) {
		$this->enabled       = $enabled;
		$this->subscriptions = $subscriptions;
		$this->transactional = $transactional;
		$this->language      = $language;
	}

	/**
	 * Makes Contact Form 7 load and keep the property.
	 */
	public static function declare_property( array $properties ): array {
		return $properties + array( self::PROPERTY => array() );
	}

	public static function of( WPCF7_ContactForm $form ): self {
		return self::from_array( (array) $form->prop( self::PROPERTY ) );
	}

	/**
	 * Reads what was saved.
	 */
	public static function from_array( array $saved ): self {
		$settings = new self(
			! empty( $saved['enabled'] ),
			array_map( array( Subscription::class, 'from_array' ), array_values( (array) ( $saved['subscriptions'] ?? array() ) ) ),
			! empty( $saved['transactional'] ),
			(string) ( $saved['language'] ?? '' )
		);

		$settings->says_mailbox  = (bool) ( $saved['says_mailbox'] ?? true );
		$settings->mailbox_texts = (array) ( $saved['mailbox_texts'] ?? array() );
		return $settings;
	}

	/**
	 * Reads what the panel posted: rows of list and consent box, and one mapping of fields for all of them.
	 *
	 * @param array $input Unslashed input.
	 */
	public static function from_input( array $input ): self {
		$subscriptions = array();
		foreach ( array_slice( (array) ( $input['lists'] ?? array() ), 0, self::MAX_LISTS ) as $row ) {
			$subscription = Subscription::from_input( (array) $row + $input );
			// The first row holds the mapping even while no list is chosen.
			if ( array() === $subscriptions || array( '', '' ) !== array( $subscription->list, $subscription->consent ) ) {
				$subscriptions[] = $subscription;
			}
		}
		$purpose  = $input['purpose'] ?? '';
		$language = (string) ( $input['language'] ?? '' );
		$settings = new self(
			! empty( $input['enabled'] ),
			$subscriptions,
			'transactional' === $purpose,
			isset( Languages::names()[ $language ] ) ? $language : ''
		);

		$settings->says_mailbox  = ! empty( $input['says_mailbox'] );
		$settings->mailbox_texts = self::sentences( (array) ( $input['mailbox_texts'] ?? array() ) );
		return $settings;
	}

	/**
	 * The owner's sentences, by language. One that is ours is none.
	 *
	 * @param array $input Unslashed input.
	 * @return array<string,string>
	 */
	private static function sentences( array $input ): array {
		$sentences = array();
		foreach ( array_intersect_key( $input, Languages::names() ) as $code => $text ) {
			$text = is_string( $text ) ? mb_substr( sanitize_text_field( $text ), 0, self::MAX_SENTENCE ) : '';
			if ( ! in_array( $text, array( '', Mailbox_Message::ours( $code ) ), true ) ) {
				$sentences[ $code ] = $text;
			}
		}
		return $sentences;
	}

	/**
	 * Puts the settings into the form, which its caller saves.
	 */
	public function put_into( WPCF7_ContactForm $form ): void {
		$form->set_properties( array( self::PROPERTY => $this->to_array() ) );
	}

	public function to_array(): array {
		return array(
			'enabled'       => $this->enabled,
			'transactional' => $this->transactional,
			'language'      => $this->language,
			'says_mailbox'  => $this->says_mailbox,
			'mailbox_texts' => $this->mailbox_texts,
			'subscriptions' => array_map( static fn( Subscription $subscription ) => $subscription->to_array(), $this->subscriptions ),
		);
	}

	/**
	 * The lists that people can join through the form as it stands.
	 *
	 * @return Subscription[]
	 */
	public function complete(): array {
		return $this->transactional ? array() : array_filter( $this->subscriptions, static fn( Subscription $one ) => $one->is_complete() );
	}

	/**
	 * The settings without choices that no longer exist.
	 *
	 * @param array<string,string>      $fields Labels of the form's text fields by name.
	 * @param array<string,string>      $boxes  Labels of its boxes by name.
	 * @param array<string,string>|null $lists  Names of the gateway's lists by id; null when they are not known.
	 */
	public function without_missing( array $fields, array $boxes, ?array $lists ): self {
		$existing = array(
			'email'   => array_map( 'strval', array_keys( $fields ) ),
			'consent' => array_map( 'strval', array_keys( $boxes ) ),
		);
		if ( null !== $lists ) {
			$existing['list'] = array_keys( $lists );
		}
		$settings = clone $this;
		foreach ( $settings->subscriptions as &$subscription ) {
			$subscription = clone $subscription;
			foreach ( $existing as $member => $choices ) {
				$subscription->$member = in_array( $subscription->$member, $choices, true ) ? $subscription->$member : '';
			}
		}
		return $settings;
	}

	/**
	 * Whether anybody has ever saved settings for the form.
	 */
	public function is_new(): bool {
		return array() === $this->subscriptions;
	}
}
