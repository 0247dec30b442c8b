<?php
/**
 * What the tab in the form editor looks like.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Prints the choices for one form: the tab in Contact Form 7's editor, and the same for a form of another plugin. It works without script.
 */
final class Form_Panel_View {

	private const EMPTY_ROWS = 2;

	private Form_Settings $settings;

	/**
	 * Labels of the form's text fields by name.
	 *
	 * @var array<string,string>
	 */
	private array $fields;

	/**
	 * Labels of its boxes by name.
	 *
	 * @var array<string,string>
	 */
	private array $boxes;

	/**
	 * Names of the lists by id; null when they are not known.
	 *
	 * @var array<string,string>|null
	 */
	private ?array $lists;

	private bool $connected;

	/**
	 * Whether it is a form of Contact Form 7, which takes our box and says what we want after sending.
	 */
	private bool $is_contact_form_7;

	/**
	 * What the tab shows.
	 *
	 * @param Form_Settings             $settings          The form's settings, or a suggestion.
	 * @param array<string,string>      $fields            Labels of the form's text fields by name.
	 * @param array<string,string>      $boxes             Labels of its boxes by name.
	 * @param array<string,string>|null $lists             Names of the lists by id; null when they are not known.
	 * @param bool                      $connected         Whether the site is connected.
	 * @param bool                      $is_contact_form_7 Whether it is a form of Contact Form 7.
	 */
	public function __construct(
		Form_Settings $settings,
		array $fields,
		array $boxes,
		?array $lists,
		bool $connected,
		bool $is_contact_form_7
	) {
		$this->settings          = $settings;
		$this->fields            = $fields;
		$this->boxes             = $boxes;
		$this->lists             = $lists;
		$this->connected         = $connected;
		$this->is_contact_form_7 = $is_contact_form_7;
	}

	/**
	 * Prints the choices.
	 *
	 * @param string[] $warnings What is wrong with them, in sentences.
	 */
	public function print( array $warnings ): void {
		$chosen = $this->settings->subscriptions[0];
		$works  = $this->settings->without_missing( $this->fields, $this->boxes, $this->lists );
		printf(
			'<div class="gateway-connector-panel gateway-connector-%s" data-not-found="%s" data-sending="%s">',
			esc_attr( Form_Summary::situation( $works ) ),
			esc_attr( Panel_Controls::not_found() ),
			esc_attr( Subscription::SENDING )
		);
		?>
		<h2><?php esc_html_e( 'Gateway', 'gateway-connector' ); ?></h2>
		<input type="hidden" name="<?php echo esc_attr( Form_Panel::MARKER ); ?>"
			value="<?php echo esc_attr( wp_create_nonce( Form_Panel::MARKER ) ); ?>" />
		<?php
		$this->print_warnings( $warnings );
		$this->print_summary( $works );
		?>
		<p><label>
			<input type="checkbox" name="<?php echo esc_attr( Panel_Controls::name( 'enabled' ) ); ?>" value="1"
				<?php checked( $this->settings->enabled ); ?> />
			<?php esc_html_e( 'Send this form’s submissions to the gateway', 'gateway-connector' ); ?>
		</label></p>
		<?php $this->print_purpose(); ?>
		<table class="form-table gateway-connector-subscribing" role="presentation"><tbody>
		<?php
		$rows = new Form_Panel_Lists( $this->lists, $this->connected, $this->boxes, $this->is_contact_form_7 );
		$rows->print( $this->settings->subscriptions );
		$this->print_words( $chosen->words );
		$field = array( 'data-holds' => 'field' ); // The script offers fields there, as the form's text changes.
		$email = $field + array( 'data-missing' => Form_Summary::choices()['email'] );
		Panel_Controls::menu_row( 'email', __( 'Email field', 'gateway-connector' ), $chosen->email, $this->fields, '', $email );
		Panel_Controls::menu_row(
			'name',
			__( 'Name field', 'gateway-connector' ),
			$chosen->name,
			$this->fields,
			__( 'Optional.', 'gateway-connector' ),
			$field
		);
		$this->print_properties( $chosen, $this->fields );
		$this->print_language();
		if ( $this->is_contact_form_7 ) {
			$this->print_mailbox();
		}
		$help = __( 'Address of the policy that applies; kept with the consent.', 'gateway-connector' );
		Panel_Controls::text_row( 'policy_url', __( 'Privacy policy', 'gateway-connector' ), 'url', $chosen->policy_url, $help );
		$help = __( 'For example its date. Change it whenever the policy changes.', 'gateway-connector' );
		Panel_Controls::text_row( 'policy_version', __( 'Policy version', 'gateway-connector' ), 'text', $chosen->policy_version, $help );
		?>
		</tbody></table>
		</div>
		<?php
	}

	/**
	 * The words of a form whose sending is the consent, where it may be.
	 */
	private function print_words( string $words ): void {
		if ( isset( $this->boxes[ Subscription::SENDING ] ) ) {
			Panel_Controls::text_row(
				'words',
				__( 'What the form says', 'gateway-connector' ),
				'text',
				$words,
				__( 'Where sending the form is the consent: the words that people read there. Kept as proof.', 'gateway-connector' ),
				array( 'data-missing' => Form_Summary::choices()['words'] )
			);
		}
	}

	/**
	 * The warnings, and the words with which the script warns while the form's text changes.
	 */
	private function print_warnings( array $warnings ): void {
		if ( ! $this->connected ) {
			$warnings[] = __( 'This site is not connected to a gateway yet. Submissions wait here until it is.', 'gateway-connector' );
		}
		printf( '<div class="gateway-connector-warnings" aria-live="polite" data-vanished="%s">', esc_attr( Form_Check::vanished() ) );
		foreach ( $warnings as $warning ) {
			printf( '<div class="notice notice-warning inline"><p>%s</p></div>', esc_html( $warning ) );
		}
		echo '</div>';
	}

	private function print_summary( Form_Settings $works ): void {
		$language = self::language( $works->language );
		$sentence = Form_Summary::of( $works, (array) $this->lists, $this->fields, $this->boxes, $language );
		echo '<p class="gateway-connector-summary" aria-live="polite"';
		foreach ( Form_Summary::sentences() as $situation => $template ) {
			printf( ' data-%s="%s"', esc_attr( $situation ), esc_attr( $template ) );
		}
		echo '>' . esc_html( $sentence ) . '</p>';
	}

	private function print_purpose(): void {
		$purposes = array(
			'subscribe'     => __(
				'Newsletter: people who tick a box get a confirmation email, and then join a list',
				'gateway-connector'
			),
			'transactional' => __(
				'Transactional, such as orders and enquiries: no consent needed, and nobody is subscribed',
				'gateway-connector'
			),
		);
		printf(
			'<fieldset class="gateway-connector-purpose"><legend class="screen-reader-text">%s</legend>',
			esc_html__( 'Purpose', 'gateway-connector' )
		);
		foreach ( $purposes as $purpose => $label ) {
			printf(
				'<label><input type="radio" name="%s" value="%s" %s /> %s</label>',
				esc_attr( Panel_Controls::name( 'purpose' ) ),
				esc_attr( $purpose ),
				checked( $this->settings->transactional, 'transactional' === $purpose, false ),
				esc_html( $label )
			);
		}
		echo '</fieldset>';
	}

	private function print_properties( Subscription $chosen, array $fields ): void {
		$rows = array_merge(
			array_map( 'array_values', Property_Names::rows( $chosen->properties, $chosen->unfit_properties ) ),
			array_fill( 0, self::EMPTY_ROWS, array( '', '' ) )
		);
		?>
		<tr>
			<th scope="row"><?php esc_html_e( 'Contact properties', 'gateway-connector' ); ?></th>
			<td>
				<div class="gateway-connector-properties">
				<?php
				foreach ( $rows as $index => list( $property, $field ) ) {
					$this->print_property( $index, $property, $field, $fields );
				}
				?>
				</div>
				<p class="description">
					<?php
					esc_html_e(
						'What else the gateway keeps about the person, for example to choose what they get.',
						'gateway-connector'
					);
					?>
				</p>
				<p><button type="button" class="button gateway-connector-add" hidden>
					<?php esc_html_e( 'Add a property', 'gateway-connector' ); ?>
				</button></p>
			</td>
		</tr>
		<?php
	}

	private function print_property( int $index, string $property, string $field, array $fields ): void {
		printf(
			'<p class="gateway-connector-property">'
				. '<input type="text" name="%s" value="%s" placeholder="%s" aria-label="%s" maxlength="%d" /> ← ',
			esc_attr( Panel_Controls::name( 'properties', $index, 'name' ) ),
			esc_attr( $property ),
			esc_attr__( 'Property, e.g. city', 'gateway-connector' ),
			esc_attr__( 'Property', 'gateway-connector' ),
			(int) Property_Names::MAX_LENGTH
		);
		$attributes = array(
			'name'       => Panel_Controls::name( 'properties', $index, 'field' ),
			'aria-label' => __( 'Field', 'gateway-connector' ),
			'data-holds' => 'field',
		);
		Panel_Controls::menu( $attributes, $field, $fields );
		echo '</p>';
	}

	private function print_language(): void {
		$options = array( '' => __( 'Same as the page', 'gateway-connector' ) ) + Languages::names();
		$help    = __( 'For the confirmation email and the pages that it links to.', 'gateway-connector' );
		Panel_Controls::menu_row(
			'language',
			__( 'Language', 'gateway-connector' ),
			$this->settings->language,
			$options,
			$help,
			array( 'data-own' => self::language( '' ) )
		);
	}

	/**
	 * What people read after they sent the form. Without a text of the owner's, ours stands in the field as its placeholder.
	 */
	private function print_mailbox(): void {
		?>
		<tr>
			<th scope="row"><?php esc_html_e( 'After sending', 'gateway-connector' ); ?></th>
			<td>
				<p><label>
					<input type="checkbox" name="<?php echo esc_attr( Panel_Controls::name( 'says_mailbox' ) ); ?>" value="1"
						<?php checked( $this->settings->says_mailbox ); ?> />
					<?php esc_html_e( 'Tell people who ticked a box to look into their mailbox', 'gateway-connector' ); ?>
				</label></p>
				<p class="description">
					<?php
					esc_html_e( 'The sentence follows the form’s own message, in the language of the page.', 'gateway-connector' );
					?>
				</p>
				<details>
					<summary><?php esc_html_e( 'Change the sentence', 'gateway-connector' ); ?></summary>
					<?php
					foreach ( Languages::names() as $code => $name ) {
						printf(
							'<p><label>%s<br /><input type="text" class="large-text" lang="%s" name="%s" value="%s"'
								. ' placeholder="%s" maxlength="500" /></label></p>',
							esc_html( $name ),
							esc_attr( $code ),
							esc_attr( Panel_Controls::name( 'mailbox_texts', $code ) ),
							esc_attr( $this->settings->mailbox_texts[ $code ] ?? '' ),
							esc_attr( Mailbox_Message::ours( $code ) )
						);
					}
					?>
				</details>
			</td>
		</tr>
		<?php
	}

	/**
	 * The language of the emails in words.
	 */
	private static function language( string $chosen ): string {
		return '' === $chosen ? __( 'the page’s language', 'gateway-connector' ) : Languages::name( $chosen );
	}
}
