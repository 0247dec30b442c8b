<?php
/**
 * WPForms.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Forms of WPForms, Lite and Pro. A form is a post whose content is JSON; the action wpforms_process_complete comes after its checks.
 */
final class WPForms_Plugin implements Form_Plugin {

	private const POST_TYPE = 'wpforms';

	/**
	 * What holds nothing that a visitor enters, or must stay on the site.
	 */
	private const LEFT_OUT = '/^(divider|html|pagebreak|content|layout|repeater|entry-preview|internal-information|password|signature'
		. '|captcha|custom_captcha|credit-card|stripe-credit-card|square|authorize_net)$/';

	private const KINDS = array(
		'email'       => Plugin_Field::EMAIL,
		'textarea'    => Plugin_Field::MESSAGE,
		'richtext'    => Plugin_Field::MESSAGE,
		'file-upload' => Plugin_Field::FILE,
	);

	public function id(): string {
		return 'wpforms';
	}

	public function name(): string {
		return 'WPForms';
	}

	public function is_active(): bool {
		return function_exists( 'wpforms_decode' );
	}

	public function forms(): array {
		$posts = get_posts(
			array(
				'post_type'   => self::POST_TYPE,
				'numberposts' => -1,
				'orderby'     => 'ID',
				'order'       => 'ASC',
			)
		);
		$forms = array();
		foreach ( $posts as $post ) {
			$data = wpforms_decode( $post->post_content );
			if ( is_array( $data ) ) {
				$forms[] = $this->form( array( 'id' => $post->ID ) + $data, $post->post_title );
			}
		}
		return $forms;
	}

	public function listen( callable $take ): void {
		add_action(
			'wpforms_process_complete',
			function ( $values, $entry, $data ) use ( $take ): void {
				$form = $this->form( (array) $data, (string) ( $data['settings']['form_title'] ?? '' ) );
				$take( new Plugin_Submission( $form, self::values( $form, (array) $values, (array) ( $entry['fields'] ?? array() ) ) ) );
			},
			10,
			3
		);
	}

	private function form( array $data, string $title ): Plugin_Form {
		$fields = array();
		foreach ( (array) ( $data['fields'] ?? array() ) as $field ) {
			$fields = array_merge( $fields, self::fields( (array) $field ) );
		}
		$edit = admin_url( 'admin.php?page=wpforms-builder&view=fields&form_id=' . (int) ( $data['id'] ?? 0 ) );
		return new Plugin_Form( $this->id(), (int) ( $data['id'] ?? 0 ), $title, $fields, $edit );
	}

	/**
	 * The field, and the parts of a name. A box is WPForms' own for agreements, or checkboxes of which there is one.
	 *
	 * @return Plugin_Field[]
	 */
	private static function fields( array $field ): array {
		$field  += array(
			'id'      => '',
			'type'    => '',
			'label'   => '',
			'choices' => array(),
			'format'  => 'simple',
		);
		$type    = (string) $field['type'];
		$id      = (string) $field['id'];
		$choices = array_values( (array) $field['choices'] );
		if ( '' === $id || 1 === preg_match( self::LEFT_OUT, $type ) ) {
			return array();
		}
		if ( 'gdpr-checkbox' === $type || ( 'checkbox' === $type && 1 === count( $choices ) ) ) {
			$words = (string) ( $choices[0]['label'] ?? '' );
			return array( Plugin_Field::box( $id, $field['label'], $words, ! empty( $choices[0]['default'] ) ) );
		}
		$fields = array( new Plugin_Field( $id, $field['label'], self::KINDS[ $type ] ?? Plugin_Field::TEXT ) );
		foreach ( 'name' === $type && 'simple' !== $field['format'] ? explode( '-', $field['format'] ) : array() as $part ) {
			$fields[] = new Plugin_Field( "{$id}.{$part}", "{$field['label']}: {$part}" );
		}
		return $fields;
	}

	/**
	 * The values by our ids. Of a box that nobody ticked, WPForms may say its words all the same, so what was posted counts too.
	 *
	 * @param Plugin_Form $form   The form.
	 * @param array       $values WPForms' values by field. Choices are one text, a line for each.
	 * @param array       $posted What was posted, by field.
	 */
	private static function values( Plugin_Form $form, array $values, array $posted ): array {
		$ours = array();
		foreach ( $form->ids() as $id ) {
			list( $field, $part ) = explode( '.', $id, 2 ) + array( '', 'value' );

			$value = (string) ( $values[ $field ][ $part ] ?? '' );
			if ( Plugin_Field::BOX === $form->field( $id )->kind ) {
				$ours[ $id ] = empty( $posted[ $field ] ) ? '' : $value;
			} else {
				$ours[ $id ] = 'checkbox' === ( $values[ $field ]['type'] ?? '' ) ? explode( "\n", $value ) : $value;
			}
		}
		return $ours;
	}
}
